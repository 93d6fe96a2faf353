import { rename, writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { withControl } from "../control/with-control.ts";
import { addPlaceOptions, type PlaceOptions } from "../profiles/api-options.ts";
import { fileError } from "../sources/read-definitions-file.ts";
import { say, write } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addExportParquetCommand } from "./export-parquet.ts";

interface ExportOptions extends PlaceOptions {
  readonly out?: string;
}

const EXAMPLES = `
Examples:
  $ lotty export > lotty.yaml
  $ lotty export --out lotty.yaml
  $ lotty export --json | jq '.experiments[].key'`;

/** `lotty export`: what is stored, as a definitions file. */
export function addExportCommand(program: Command, { terminal }: CommandContext): void {
  const command = program.command("export");
  addExportParquetCommand(command, terminal);
  addPlaceOptions(command)
    .summary("print what is stored as a definitions file")
    .description("Print flags, experiments and all that belongs to them as a file that `lotty apply` takes.")
    .option("--out <file>", "write to this file instead of the standard output")
    .option("--json", "print JSON, which `lotty apply` takes as well")
    .addHelpText("after", EXAMPLES)
    .action(async (options: ExportOptions) => {
      const form = options.json === true ? "json" : "yaml";
      const { location, text } = await withControl(terminal, options, async (source) => ({
        text: await source.definitions.export(form),
        location: source.location,
      }));
      if (options.out === undefined) return write(terminal.out, text);
      await replaceFile(options.out, text);
      await say(terminal, `Exported ${location} to ${options.out}.`);
    });
}

/** Whoever reads the file meanwhile sees the old one or the new one, never half of it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.tmp`;
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (error) {
    throw fileError(path, error);
  }
}
