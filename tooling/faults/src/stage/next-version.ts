/**
 * Loaded before a process of Lotty, makes it the next version: the same program with one more step of the schema. It goes
 * through the migration that every process does when it starts, with nothing replaced but the list of steps.
 */
import { registerHooks } from "node:module";

const OURS = new URL("next-migration-list.ts", import.meta.url).href;
const THEIRS = /\/persistence\/(src|dist)\/migrations\/migration-list\.[jt]s$/;

registerHooks({
  resolve: (specifier, context, resolve) => {
    const found = resolve(specifier, context);
    const isWanted = THEIRS.test(found.url) && context.parentURL?.startsWith(OURS) !== true;
    return isWanted ? { url: `${OURS}?of=${encodeURIComponent(found.url)}`, shortCircuit: true } : found;
  },
});
