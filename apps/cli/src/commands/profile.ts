import { LottyError } from "@lotty/domain";
import type { Command } from "commander";
import { LOCAL_PROFILE, readProfiles, writeProfiles } from "../profiles/profile-store.ts";
import { apiClient } from "../sources/api-client.ts";
import { paintFor } from "../terminal/paint.ts";
import { readSecret } from "../terminal/read-secret.ts";
import { renderTable } from "../terminal/render-table.ts";
import { print, printJson, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";

const EXAMPLES = `
Examples:
  $ lotty profile add work https://lotty.example.com --with-key
  $ lotty profile use work
  $ lotty flag list
  $ lotty flag list --profile ${LOCAL_PROFILE}

The key is asked for, or taken from the standard input: never from the command line. Profiles are kept in
$XDG_CONFIG_HOME/lotty/profiles.json (~/.config without it), which only you may read. LOTTY_PROFILE names another than the one in use;
"${LOCAL_PROFILE}" is the database of the settings.`;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** `lotty profile`: keeps the addresses and keys of APIs. */
export function addProfileCommands(program: Command, { terminal }: CommandContext): void {
  const profile = program
    .command("profile")
    .summary("keep addresses and keys of APIs")
    .description("Keep the addresses and keys of APIs, so that commands need not be told each time.")
    .addHelpText("after", EXAMPLES);
  profile
    .command("add")
    .description("Add a profile, or change it.")
    .argument("<name>")
    .argument("<url>", "address of the API")
    .option("--with-key", "ask for a key that is shown to the API")
    .action((name: string, url: string, options: { readonly withKey?: boolean }) =>
      add(terminal, { name, url, withKey: options.withKey === true }),
    );
  profile
    .command("list")
    .description("Show all profiles, without their keys.")
    .option("--json", "print JSON")
    .action((options: { readonly json?: boolean }) => list(terminal, options.json === true));
  profile
    .command("use")
    .description(`Let commands work through a profile; ${LOCAL_PROFILE} is the database of the settings.`)
    .argument("<name>")
    .action((name: string) => use(terminal, name));
  profile
    .command("remove")
    .description("Forget a profile with its key. The key stays good: revoke it if nobody else needs it.")
    .argument("<name>")
    .action((name: string) => remove(terminal, name));
}

interface AddedProfile {
  readonly name: string;
  readonly url: string;
  readonly withKey: boolean;
}

async function add(terminal: Terminal, { name, url, withKey }: AddedProfile): Promise<void> {
  if (name === LOCAL_PROFILE || !NAME.test(name)) {
    throw new LottyError("invalid_request", `a profile cannot be called ${JSON.stringify(name)}`, {
      details: { advice: `Use letters, digits, dots and dashes. ${LOCAL_PROFILE} is the database of the settings.` },
    });
  }
  const { address } = apiClient(url);
  const before = await readProfiles(terminal.env);
  const key = withKey ? await readSecret(terminal, `Key for ${address}:`, "key") : null;
  await writeProfiles(terminal.env, { ...before, profiles: { ...before.profiles, [name]: { url: address, key } } });
  await say(terminal, `Kept. \`lotty profile use ${name}\` lets commands work through it.`);
}

async function list(terminal: Terminal, json: boolean): Promise<void> {
  const { current, profiles } = await readProfiles(terminal.env);
  const shown = Object.entries(profiles).map(([name, { key, url }]) => ({
    name,
    url,
    has_key: key !== null,
    in_use: name === current,
  }));
  if (json) return printJson(terminal, { profiles: shown });
  const rows = shown.map((each) => [each.in_use ? "*" : "", each.name, each.url, each.has_key ? "yes" : "no"]);
  await print(terminal, renderTable(["", "NAME", "ADDRESS", "KEY"], rows, paintFor(terminal.out)));
}

async function use(terminal: Terminal, name: string): Promise<void> {
  const before = await readProfiles(terminal.env);
  if (name === LOCAL_PROFILE) return writeProfiles(terminal.env, { ...before, current: null });
  refuseUnknown(before.profiles, name);
  await writeProfiles(terminal.env, { ...before, current: name });
}

async function remove(terminal: Terminal, name: string): Promise<void> {
  const { current, profiles } = await readProfiles(terminal.env);
  refuseUnknown(profiles, name);
  const left = Object.fromEntries(Object.entries(profiles).filter(([each]) => each !== name));
  await writeProfiles(terminal.env, { current: current === name ? null : current, profiles: left });
}

function refuseUnknown(profiles: Readonly<Record<string, unknown>>, name: string): void {
  if (Object.hasOwn(profiles, name)) return;
  throw new LottyError("not_found", `there is no profile ${JSON.stringify(name)}`, {
    details: { advice: "`lotty profile list` shows all of them." },
  });
}
