import { type Command } from "commander";
import { addApiOptions, type ApiOptions, apiOf } from "../profiles/api-options.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { IdentitySource } from "./identity-source.ts";

/** Where people and keys are kept, as given on the command line. */
export type IdentityOptions = ApiOptions;

/** Adds the options that all commands on people and keys share. */
export function addIdentityOptions(command: Command): Command {
  return addApiOptions(command).option("--json", "print JSON");
}

/** Works with the people and keys of the API that is named, else of the database of the settings. */
export async function withIdentity<T>(
  terminal: Terminal,
  options: IdentityOptions,
  work: (source: IdentitySource) => Promise<T>,
): Promise<T> {
  const api = await apiOf(terminal, options);
  if (api !== undefined) {
    const { httpIdentitySource } = await import("./http-identity-source.ts");
    return work(httpIdentitySource(api.url, api.key));
  }
  // Databases take half a second to load; commands that need none do not wait for them.
  const { localIdentitySource } = await import("./local-identity-source.ts");
  return withRuntime(terminal, (runtime) => work(localIdentitySource(runtime)));
}
