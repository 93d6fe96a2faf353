import { LottyError } from "@lotty/domain";
import { type Command, Option } from "commander";
import type { Terminal } from "../terminal/terminal.ts";
import { LOCAL_PROFILE, readProfiles } from "./profile-store.ts";

/** Where a command works, as given on the command line. */
export interface ApiOptions {
  readonly url?: string;
  readonly key?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

/** Where and in which environment a command works. */
export interface PlaceOptions extends ApiOptions {
  /** Key of the environment, as given on the command line: see {@link environmentKeyOf}. */
  readonly environment?: string;
}

/** An API to work through. */
export interface Api {
  readonly url: string;
  readonly key: string | undefined;
}

/** Adds the options that choose between an API and the database of the settings. */
export function addApiOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--url <address>", "ask the API that runs there, in place of the database of the settings").conflicts(
        "profile",
      ),
    )
    .option("--key <key>", "API key to show to the API; LOTTY_KEY when left out")
    .option("--profile <name>", `ask the API of this profile; ${LOCAL_PROFILE} is the database of the settings`);
}

/** Adds the options that choose where and in which environment a command works. */
export function addPlaceOptions(command: Command): Command {
  return addEnvironmentOption(addApiOptions(command));
}

/** Adds the option that names an environment. */
export function addEnvironmentOption(command: Command): Command {
  return command.option(
    "--environment <key>",
    "the environment; LOTTY_ENVIRONMENT when left out, else that of the API key, or production",
  );
}

/**
 * Key of the environment that a command works in: that of `--environment`, else of `LOTTY_ENVIRONMENT`.
 *
 * @returns `undefined` for that of the API key, or production
 */
export function environmentKeyOf(
  { env }: Terminal,
  { environment }: { readonly environment?: string | undefined },
): string | undefined {
  return environment ?? (env["LOTTY_ENVIRONMENT"] || undefined);
}

/**
 * The API that a command works through: that of `--url`, else of `--profile`, of `LOTTY_PROFILE`, or of the profile in use.
 *
 * @returns `undefined` for the database of the settings
 * @throws LottyError `not_found` when there is no such profile, `invalid_configuration`
 */
export async function apiOf({ env }: Terminal, { key, profile, url }: ApiOptions): Promise<Api | undefined> {
  const shown = key ?? env["LOTTY_KEY"];
  if (url !== undefined) return { url, key: shown };
  const asked = profile ?? (env["LOTTY_PROFILE"] || undefined);
  if (asked === LOCAL_PROFILE) return undefined;
  const { current, profiles } = await readProfiles(env);
  const name = asked ?? current;
  if (name === null) return undefined;
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (found !== undefined) return { url: found.url, key: key ?? found.key ?? env["LOTTY_KEY"] };
  throw new LottyError("not_found", `there is no profile ${JSON.stringify(name)}`, {
    details: { advice: "`lotty profile list` shows all of them." },
  });
}
