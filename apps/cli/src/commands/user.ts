import { type Role, ROLES } from "@lotty/domain";
import { Argument, type Command } from "commander";
import type { UserChange } from "../people/identity-source.ts";
import { renderUsers } from "../people/render-people.ts";
import { addIdentityOptions, type IdentityOptions, withIdentity } from "../people/with-identity.ts";
import { paintFor } from "../terminal/paint.ts";
import { readSecret } from "../terminal/read-secret.ts";
import { print, printJson, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { repeatable } from "./repeatable.ts";

const EXAMPLES = `
Examples:
  $ lotty user list
  $ lotty user add ada --role experimenter --role approver
  $ pass show lotty/ada | lotty user password ada --url https://lotty.example.com
  $ lotty user roles ada admin

Passwords are asked for, or taken from the standard input: never from the command line.
Roles: ${ROLES.join(", ")}. Needs the database of the settings, or --url and the key of an admin.`;

interface AddOptions extends IdentityOptions {
  readonly role: readonly Role[];
}

/** `lotty user`: keeps people. */
export function addUserCommands(program: Command, { terminal }: CommandContext): void {
  const user = program
    .command("user")
    .summary("list, add, change or remove people")
    .description("Keep the people who may log in.")
    .addHelpText("after", EXAMPLES);
  addIdentityOptions(user.command("list").description("Show everybody.")).action((options: IdentityOptions) =>
    list(terminal, options),
  );
  addIdentityOptions(user.command("add").description("Add somebody; asks for a password."))
    .argument("<name>", "what the person logs in with")
    .option("--role <role>", "what the person may do; may be given several times", repeatable(ROLES), ["viewer"])
    .action((name: string, options: AddOptions) => add(terminal, name, options));
  addIdentityOptions(user.command("password").description("Give somebody a new password; ends all sessions."))
    .argument("<name>")
    .action(async (name: string, options: IdentityOptions) =>
      change(terminal, name, { ...options, change: { password: await askPassword(terminal, name) } }),
    );
  addIdentityOptions(user.command("roles").description("Give somebody these roles and no others."))
    .argument("<name>")
    .addArgument(new Argument("<role...>", "one or several").choices(ROLES))
    .action((name: string, roles: readonly Role[], options: IdentityOptions) =>
      change(terminal, name, { ...options, change: { roles } }),
    );
  for (const [command, disabled, description] of [
    ["disable", true, "Keep somebody from logging in; ends all sessions."],
    ["enable", false, "Let somebody log in again."],
  ] as const) {
    addIdentityOptions(user.command(command).description(description))
      .argument("<name>")
      .action((name: string, options: IdentityOptions) => change(terminal, name, { ...options, change: { disabled } }));
  }
  addIdentityOptions(user.command("remove").description("Remove somebody, with all sessions. Keys stay."))
    .argument("<name>")
    .action((name: string, options: IdentityOptions) => remove(terminal, name, options));
}

function askPassword(terminal: Terminal, name: string): Promise<string> {
  return readSecret(terminal, `Password for ${JSON.stringify(name)}:`);
}

async function list(terminal: Terminal, options: IdentityOptions): Promise<void> {
  const users = await withIdentity(terminal, options, (source) => source.listUsers());
  await (options.json === true
    ? printJson(terminal, { users })
    : print(terminal, renderUsers(users, paintFor(terminal.out))));
}

async function add(terminal: Terminal, name: string, { role, ...options }: AddOptions): Promise<void> {
  const password = await askPassword(terminal, name);
  const user = await withIdentity(terminal, options, (source) => source.addUser({ name, password, roles: role }));
  await (options.json === true
    ? printJson(terminal, user)
    : print(terminal, renderUsers([user], paintFor(terminal.out))));
}

async function change(
  terminal: Terminal,
  name: string,
  { change: wanted, ...options }: IdentityOptions & { readonly change: UserChange },
): Promise<void> {
  const user = await withIdentity(terminal, options, (source) => source.changeUser(name, wanted));
  await (options.json === true
    ? printJson(terminal, user)
    : print(terminal, renderUsers([user], paintFor(terminal.out))));
}

async function remove(terminal: Terminal, name: string, options: IdentityOptions): Promise<void> {
  await withIdentity(terminal, options, (source) => source.removeUser(name));
  await (options.json === true ? printJson(terminal, { removed: name }) : say(terminal, "Removed."));
}
