import type { DecisionResponse } from "@lotty/contracts";
import { type Command, Option } from "commander";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { decideSubjects } from "../subjects/decide-subjects.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, printJson, type Terminal } from "../terminal/terminal.ts";
import { visibleText } from "../terminal/visible-text.ts";
import type { CommandContext } from "./command-context.ts";
import { addSourceOptions, openSource, type SourceOptions } from "./source-options.ts";
import { subjectOf } from "./subject-options.ts";

interface DecideOptions extends SourceOptions {
  readonly subject?: string;
  readonly attributes?: string;
  readonly subjects?: string;
  readonly out?: string;
  readonly restart?: boolean;
  readonly record?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ lotty decide checkout-button-colour --subject ada --attributes '{"country": "DE"}'
  $ lotty decide checkout-button-colour pricing-page --subject ada --attributes @ada.json --json
  $ lotty decide checkout-button-colour --subjects subjects.ndjson --out decisions.ndjson
  $ lotty decide checkout-button-colour --subject ada --url http://127.0.0.1:8080
  $ lotty decide checkout-button-colour --subject ada --definitions demo/lotty.yaml

A line of --subjects: {"subject_id": "ada", "attributes": {"country": "DE"}}
A run that was stopped goes on where it was when the same command is given again.`;

/** `lotty decide`: the values of flags for one subject, or for every subject of a file. */
export function addDecideCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("decide")
    .summary("decide flags for one subject or for a file of subjects")
    .description("Decide flags for one subject or for a file of subjects. Records nothing unless --record is given.")
    .argument("<flag...>", "keys of the flags")
    .option("--subject <id>", "the subject")
    .option("--attributes <json>", "attributes of the subject: JSON, @file, or @- for the standard input")
    .addOption(new Option("--subjects <file>", "decide for every subject of this NDJSON file; - is the standard input"))
    .option("--out <file>", "where the decisions on --subjects go; default: the standard output")
    .option("--restart", "begin --out anew instead of going on")
    .addOption(new Option("--peek", "decide without recording (default)").conflicts("record"))
    .option("--record", "record the decisions, as the API does")
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLES);
  addSourceOptions(command).action(async (flags: readonly string[], options: DecideOptions) => {
    if ((options.subject === undefined) === (options.subjects === undefined)) {
      command.error("error: give either --subject or --subjects");
    }
    if (options.subjects === undefined) return decideOne(context.terminal, flags, options);
    if (options.record === true && options.definitions !== undefined) {
      command.error("error: --record needs a database: leave --definitions out");
    }
    context.end(await decideMany(context.terminal, flags, options));
  });
}

async function decideOne(terminal: Terminal, flags: readonly string[], options: DecideOptions): Promise<void> {
  const subject = await subjectOf(terminal, { ...options, subject: options.subject ?? "" });
  const source = await openSource(terminal, options);
  try {
    const decisions = await source.decide(flags, subject, options.record === true);
    await (options.json === true ? printJson(terminal, { decisions }) : printTable(terminal, decisions));
  } finally {
    await source.close();
  }
}

async function printTable(terminal: Terminal, decisions: readonly DecisionResponse[]): Promise<void> {
  const paint = paintFor(terminal.out);
  const flagWidth = Math.max(...decisions.map(({ flag }) => visibleText(flag).length));
  const reasonWidth = Math.max(...decisions.map(({ reason }) => reason.length));
  for (const { flag, value, reason, experiment_id, variant_id, rule_id } of decisions) {
    const tone = reason === "experiment_assigned" ? "good" : "doubtful";
    const facts = [
      visibleText(flag).padEnd(flagWidth),
      paint(tone, reason.padEnd(reasonWidth)),
      paint("strong", visibleText(JSON.stringify(value))),
      ...(experiment_id === null ? [] : [paint("quiet", `experiment ${experiment_id}`)]),
      ...(variant_id === null ? [] : [paint("quiet", `variant ${variant_id}`)]),
      ...(rule_id === undefined ? [] : [paint("quiet", `rule ${rule_id}`)]),
    ];
    await print(terminal, facts.join("  "));
  }
}

async function decideMany(terminal: Terminal, flags: readonly string[], options: DecideOptions): Promise<ExitCode> {
  const source = await openSource(terminal, options);
  try {
    const summary = await decideSubjects(terminal, source, {
      flags,
      input: options.subjects ?? "-",
      out: options.out,
      record: options.record === true,
      restart: options.restart === true,
    });
    if (options.json === true && options.out !== undefined) {
      const { complete, decided, faulty, resumedAfter } = summary;
      await printJson(terminal, { complete, decided, faulty, resumed_after_line: resumedAfter, out: options.out });
    }
    if (!summary.complete) return terminal.stop.reason === "SIGTERM" ? EXIT_CODES.terminated : EXIT_CODES.interrupted;
    return summary.faulty > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
  } finally {
    await source.close();
  }
}
