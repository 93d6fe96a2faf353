import { type Command } from "commander";
import { withRuntime } from "../sources/with-runtime.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { IdentitySource } from "./identity-source.ts";

/** Where people and keys are kept, as given on the command line. */
export interface IdentityOptions {
  readonly url?: string;
  readonly key?: string;
  readonly json?: boolean;
}

/** Adds the options that all commands on people and keys share. */
export function addIdentityOptions(command: Command): Command {
  return command
    .option("--url <address>", "ask the API that runs there, in place of the database of the settings")
    .option("--key <key>", "API key to show to the API; LOTTY_KEY when left out")
    .option("--json", "print JSON");
}

/** Works with the people and keys of the API that is named, else of the database of the settings. */
export async function withIdentity<T>(
  terminal: Terminal,
  { key, url }: IdentityOptions,
  work: (source: IdentitySource) => Promise<T>,
): Promise<T> {
  if (url !== undefined) {
    const { httpIdentitySource } = await import("./http-identity-source.ts");
    return work(httpIdentitySource(url, key ?? terminal.env["LOTTY_KEY"]));
  }
  // Databases take half a second to load; commands that need none do not wait for them.
  const { localIdentitySource } = await import("./local-identity-source.ts");
  return withRuntime(terminal, (runtime) => work(localIdentitySource(runtime)));
}
