import type { Command } from "commander";
import { withControl } from "../control/with-control.ts";
import { countDifferences, renderDifferences } from "../definitions/render-differences.ts";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { addPlaceOptions, type PlaceOptions } from "../profiles/api-options.ts";
import { readDefinitionsFile } from "../sources/read-definitions-file.ts";
import { confirm } from "../terminal/confirm.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, printJson, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";

interface ApplyOptions extends PlaceOptions {
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  readonly yes?: boolean;
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
  const command = addPlaceOptions(program.command("apply"))
    .summary("make flags and experiments what a file says")
    .description("Make flags, experiments and all that belongs to them what a file says. Shows the difference first.")
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

async function apply(terminal: Terminal, path: string, options: ApplyOptions): Promise<ExitCode> {
  const read = await readDefinitionsFile(terminal, path);
  return withControl(terminal, options, async ({ definitions, location }) => {
    const file = { ...read, prune: options.prune === true };
    const plan = await definitions.plan(file);
    const { differences } = plan;
    const empty = differences.every(({ action }) => action === "kept");
    if (options.json !== true) await print(terminal, renderDifferences(differences, paintFor(terminal.out)));
    if (empty || options.dryRun === true) {
      if (options.json === true) await printJson(terminal, plan);
      return empty ? EXIT_CODES.ok : EXIT_CODES.findings;
    }
    if (options.yes !== true && !(await confirm(terminal, "Apply?"))) {
      await say(terminal, "Nothing was changed.");
      return EXIT_CODES.findings;
    }
    const applied = await definitions.apply(file, plan.revision);
    if (options.json === true) await printJson(terminal, applied);
    await say(terminal, `Applied ${countDifferences(differences)} to ${location}; revision ${applied.revision}.`);
    return EXIT_CODES.ok;
  });
}
