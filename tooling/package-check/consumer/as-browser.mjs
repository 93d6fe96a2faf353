// Loaded before a program to resolve its modules as a bundler for browsers would: export conditions of browsers only, and
// every module of Node is an error.
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, nextResolve) {
    const conditions = ["browser", ...context.conditions.filter((name) => !name.startsWith("node"))];
    const resolved = nextResolve(specifier, { ...context, conditions });
    if (resolved.url.startsWith("node:")) {
      throw new Error(`${context.parentURL} imports ${resolved.url}, which browsers do not have`);
    }
    return resolved;
  },
});
