import type { Command } from "commander";
import { renderExplanation } from "../explain/render-explanation.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, printJson } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addSourceOptions, openSource, type SourceOptions } from "./source-options.ts";
import { type SubjectOptions, subjectOf } from "./subject-options.ts";

type ExplainOptions = SourceOptions & SubjectOptions & { readonly json?: boolean };

const EXAMPLES = `
Examples:
  $ lotty explain checkout-button-colour --subject ada --attributes '{"country": "DE"}'
  $ lotty explain pricing-page --subject ada --definitions demo/lotty.yaml --json`;

/** `lotty explain`: gate by gate, why a subject would get what it gets now. */
export function addExplainCommand(program: Command, { terminal }: CommandContext): void {
  const command = program
    .command("explain")
    .summary("tell why a subject would get what it gets now")
    .description(
      "Tell gate by gate why a subject would get what it gets now, and what would have to change. Records nothing.",
    )
    .argument("<flag>", "key of the flag")
    .requiredOption("--subject <id>", "the subject")
    .option("--attributes <json>", "attributes of the subject: JSON, @file, or @- for the standard input")
    .option("--json", "print JSON, as the API answers")
    .addHelpText("after", EXAMPLES);
  addSourceOptions(command).action(async (flag: string, options: ExplainOptions) => {
    const subject = await subjectOf(terminal, options);
    const source = await openSource(terminal, options);
    try {
      const explanation = await source.explain(flag, subject);
      if (options.json === true) await printJson(terminal, explanation);
      else await print(terminal, renderExplanation(explanation, paintFor(terminal.out)));
    } finally {
      await source.close();
    }
  });
}
