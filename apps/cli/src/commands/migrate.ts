import type { Command } from "commander";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { withStorage } from "../sources/with-storage.ts";
import { print, printJson, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";

interface MigrateOptions {
  readonly status?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ lotty migrate
  $ lotty migrate --status      exit code 1 when something is left to do
  $ DATABASE_URL=postgres://lotty@db/lotty lotty migrate`;

/** `lotty migrate`: brings the tables of the database up to this version. */
export function addMigrateCommand(program: Command, context: CommandContext): void {
  program
    .command("migrate")
    .summary("bring the tables of the database up to this version")
    .description(
      "Bring the tables of the database up to this version. Safe to run twice and from several machines at once.",
    )
    .option("--status", "only tell what is there and what is missing")
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (options: MigrateOptions) => context.end(await migrate(context.terminal, options)));
}

async function migrate(terminal: Terminal, { status, json }: MigrateOptions): Promise<ExitCode> {
  return withStorage(terminal, async (storage) => {
    const applied = status === true ? [] : (await storage.migrate()).applied;
    const { current, pending, unknown } = await storage.schemaState();
    if (json === true) {
      await printJson(terminal, { location: storage.location, current, pending, unknown, applied });
    } else {
      await print(terminal, `${storage.location}: ${current ?? "no tables yet"}`);
      for (const name of applied) await print(terminal, `applied  ${name}`);
      for (const name of pending) await print(terminal, `missing  ${name}`);
      for (const name of unknown) await print(terminal, `unknown  ${name} (made by a newer version of Lotty)`);
    }
    return pending.length + unknown.length > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
  });
}
