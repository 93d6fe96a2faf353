import { rename, writeFile } from "node:fs/promises";
import { exportDefinitions } from "@lotty/definitions";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import type { Command } from "commander";
import { withRuntime } from "../sources/with-runtime.ts";
import { fileError } from "../sources/read-definitions-file.ts";
import { say, write } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";

interface ExportOptions {
  readonly out?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ lotty export > lotty.yaml
  $ lotty export --out lotty.yaml
  $ lotty export --json | jq '.experiments[].key'`;

/** `lotty export`: what is stored, as a definitions file. */
export function addExportCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("export")
    .summary("print what is stored as a definitions file")
    .description("Print flags, experiments and conflict domains as a file that `lotty apply` takes.")
    .option("--out <file>", "write to this file instead of the standard output")
    .option("--json", "print JSON, which `lotty apply` takes as well")
    .addHelpText("after", EXAMPLES)
    .action(async ({ out, json }: ExportOptions) => {
      const configuration = await withRuntime(terminal, ({ storage }) =>
        storage.configuration.load(DEFAULT_ENVIRONMENT_ID),
      );
      const form = json === true ? "json" : "yaml";
      const text = exportDefinitions(configuration, form);
      if (out === undefined) return write(terminal.out, text);
      await replaceFile(out, text);
      await say(terminal, `Exported revision ${configuration.revision} to ${out}.`);
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
