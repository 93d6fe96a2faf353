import { planChange } from "@lotty/definitions";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import type { Command } from "commander";
import { countDifferences, renderDifferences } from "../definitions/render-differences.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { readDefinitionsFile } from "../sources/read-definitions-file.ts";
import { confirm } from "../terminal/confirm.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, printJson, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";

interface ApplyOptions {
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ lotty apply demo/lotty.yaml --dry-run     show what would change
  $ lotty apply demo/lotty.yaml               show it, ask, and change it
  $ lotty apply lotty.yaml --prune --yes      also remove what the file does not state
  $ generate-flags | lotty apply -            read the standard input

Exit code of --dry-run: 0 when nothing would change, 1 when something would.`;

/** `lotty apply`: makes the store say what a file says. */
export function addApplyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("apply")
    .summary("make flags and experiments what a file says")
    .description("Make flags, experiments and conflict domains what a file says. Shows the difference first.")
    .argument("<file>", "YAML or JSON; - is the standard input")
    .option("--dry-run", "show the difference and change nothing")
    .option("--prune", "also remove what is stored and not in the file")
    .option("--yes", "do not ask")
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, options: ApplyOptions) => {
      // A question needs someone to answer it: the input may be the file, and a script has no eyes.
      const asks = context.terminal.input.isTerminal && file !== "-";
      if (options.prune === true && options.yes !== true && options.dryRun !== true && !asks) {
        command.error("error: --prune removes things and nobody can be asked here: add --yes, or --dry-run to look");
      }
      context.end(await apply(context.terminal, file, { ...options, yes: options.yes === true || !asks }));
    });
}

async function apply(terminal: Terminal, file: string, options: ApplyOptions): Promise<ExitCode> {
  const definitions = await readDefinitionsFile(terminal, file);
  return withRuntime(terminal, async ({ storage, clock, ids }) => {
    const before = await storage.configuration.load(DEFAULT_ENVIRONMENT_ID);
    const now = clock.now();
    const prune = options.prune === true;
    const { change, summary, empty } = planChange(definitions, before, { now, newId: () => ids.next(now), prune });
    const report = async (applied: boolean, revision: number): Promise<void> => {
      if (options.json === true) await printJson(terminal, { applied, revision, differences: summary });
    };
    if (options.json !== true) await print(terminal, renderDifferences(summary, paintFor(terminal.out)));
    if (empty || options.dryRun === true) {
      await report(false, before.revision);
      return empty ? EXIT_CODES.ok : EXIT_CODES.findings;
    }
    if (options.yes !== true && !(await confirm(terminal, "Apply?"))) {
      await say(terminal, "Nothing was changed.");
      return EXIT_CODES.findings;
    }
    const revision = await storage.configuration.apply(DEFAULT_ENVIRONMENT_ID, change, before.revision);
    await report(true, revision);
    await say(terminal, `Applied ${countDifferences(summary)} to ${storage.location}; revision ${revision}.`);
    return EXIT_CODES.ok;
  });
}
