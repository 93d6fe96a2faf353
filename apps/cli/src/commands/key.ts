import { DEFAULT_ENVIRONMENT_KEY, type Instant, parseInstant, type Role, ROLES } from "@lotty/domain";
import { KEY_TYPES, type KeyType, type Scope, SCOPES } from "@lotty/identity";
import { type Command, InvalidArgumentError, Option } from "commander";
import { renderKeys } from "../people/render-people.ts";
import { addIdentityOptions, type IdentityOptions, withIdentity } from "../people/with-identity.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, printJson, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { repeatable } from "./repeatable.ts";

const EXAMPLES = `
Examples:
  $ lotty key make "Shop backend" --scope decide --scope events
  $ lotty key make "Web page" --type client --scope decide --expires 2027-01-01T00:00:00Z
  $ lotty key make Deployment --scope manage --scope read --role experimenter
  $ lotty key revoke 4fGh8Kq2

A key is shown once, when it is made: only the standard output has it. Scopes: ${SCOPES.join(", ")}. Roles: ${ROLES.join(", ")}.
Needs the database of the settings, or --url and the key of an admin.`;

interface MakeOptions extends IdentityOptions {
  readonly type: KeyType;
  readonly scope: readonly Scope[];
  readonly role?: readonly Role[];
  readonly environment: string;
  readonly expires?: Instant;
}

/** `lotty key`: keeps API keys. */
export function addKeyCommands(program: Command, { terminal }: CommandContext): void {
  const key = program
    .command("key")
    .summary("list, make or revoke API keys")
    .description("Keep API keys.")
    .addHelpText("after", EXAMPLES);
  addIdentityOptions(key.command("list").description("Show all keys, without their secrets.")).action(
    (options: IdentityOptions) => list(terminal, options),
  );
  addIdentityOptions(key.command("make").description("Make a key and print it, for the only time."))
    .argument("<name>", "what it is for")
    .addOption(new Option("--type <type>", "where it is kept").choices(KEY_TYPES).default("server"))
    .option("--scope <scope>", "what it is for; may be given several times", repeatable(SCOPES), ["decide"])
    .option("--role <role>", "what it may do within its scopes; may be given several times", repeatable(ROLES))
    .option("--environment <key>", "the environment that it is bound to", DEFAULT_ENVIRONMENT_KEY)
    .option("--expires <when>", "date and time from which on it is not taken any more", readInstant)
    .action((name: string, options: MakeOptions) => make(terminal, name, options));
  addIdentityOptions(key.command("revoke").description("Revoke a key, in every process within a second."))
    .argument("<key>", "id or prefix, as `lotty key list` shows them")
    .action((idOrPrefix: string, options: IdentityOptions) => revoke(terminal, idOrPrefix, options));
}

function readInstant(given: string): Instant {
  const instant = parseInstant(given);
  if (instant === undefined) throw new InvalidArgumentError("Not a date and time such as 2027-01-01T00:00:00Z.");
  return instant;
}

async function list(terminal: Terminal, options: IdentityOptions): Promise<void> {
  const keys = await withIdentity(terminal, options, (source) => source.listKeys());
  await (options.json === true
    ? printJson(terminal, { keys })
    : print(terminal, renderKeys(keys, paintFor(terminal.out))));
}

async function make(terminal: Terminal, name: string, options: MakeOptions): Promise<void> {
  const { environment, expires, role: roles, scope: scopes, type } = options;
  const asked = { name, type, scopes, roles, environment, expiresAt: expires ?? null };
  const made = await withIdentity(terminal, options, (source) => source.makeKey(asked));
  if (options.json === true) return printJson(terminal, made);
  await print(terminal, made.key);
  await say(terminal, "This is shown only now. Keep it where it is needed, and nowhere else.");
}

async function revoke(terminal: Terminal, idOrPrefix: string, options: IdentityOptions): Promise<void> {
  const key = await withIdentity(terminal, options, (source) => source.revokeKey(idOrPrefix));
  await (options.json === true ? printJson(terminal, key) : print(terminal, renderKeys([key], paintFor(terminal.out))));
}
