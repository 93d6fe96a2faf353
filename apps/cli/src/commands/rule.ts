import { text } from "node:stream/consumers";
import { check, type Diagnostic, format, parse, type ParseResult, renderDiagnostic } from "@lotty/dsl";
import type { Command } from "commander";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { readDefinitionsFile, readText } from "../sources/read-definitions-file.ts";
import { print, printJson, say, type Terminal, write } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";

interface RuleOptions {
  readonly file?: string;
  readonly json?: boolean;
}

interface CheckOptions extends RuleOptions {
  /** File whose segments the rule may name. */
  readonly definitions?: string;
}

const CHECK_EXAMPLES = `
Examples:
  $ lotty rule check 'country IN ["DE", "AT"] AND app_version >= semver("2.10.0")'
  $ lotty rule check --file rule.txt
  $ echo 'plan = "pro"' | lotty rule check -
  $ lotty rule check 'IN SEGMENT "staff"' --definitions lotty.yaml

Exit code: 0 for a rule, also with warnings; 1 for a text that is none.`;

const FORMAT_EXAMPLES = `
Examples:
  $ lotty rule format "country in ['DE'] and plan=='pro'"
  $ lotty rule format --file rule.txt`;

/** `lotty rule check` and `lotty rule format`: work on the text of one targeting rule. */
export function addRuleCommands(program: Command, context: CommandContext): void {
  const rule = program
    .command("rule")
    .summary("check or format a targeting rule")
    .description("Work on a targeting rule.");
  ruleCommand(rule, "check")
    .description("Tell whether a text is a targeting rule, and what is wrong or doubtful about it.")
    .option("--definitions <file>", "warn of segments that this file does not state")
    .addHelpText("after", CHECK_EXAMPLES)
    .action(async (given: string | undefined, options: CheckOptions) => {
      context.end(
        await checkRule(context.terminal, await ruleText(rule, context.terminal, { ...options, given }), options),
      );
    });
  ruleCommand(rule, "format")
    .description("Print a targeting rule in its canonical form. Comments are not kept.")
    .addHelpText("after", FORMAT_EXAMPLES)
    .action(async (given: string | undefined, options: RuleOptions) => {
      context.end(
        await formatRule(context.terminal, await ruleText(rule, context.terminal, { ...options, given }), options),
      );
    });
}

function ruleCommand(parent: Command, name: string): Command {
  return parent
    .command(name)
    .argument("[rule]", "text of the rule; - is the standard input")
    .option("--file <file>", "read the rule from this file")
    .option("--json", "print JSON");
}

async function ruleText(
  command: Command,
  terminal: Terminal,
  { file, given }: RuleOptions & { readonly given: string | undefined },
): Promise<string> {
  if ((given === undefined) === (file === undefined)) command.error("error: give either a rule or --file");
  if (file !== undefined) return readText(file);
  return given === "-" ? text(terminal.input.stream) : (given ?? "");
}

async function checkRule(terminal: Terminal, source: string, { definitions, json }: CheckOptions): Promise<ExitCode> {
  const segments = definitions === undefined ? undefined : await segmentKeys(terminal, definitions);
  const parsed = parse(source);
  const diagnostics = parsed.ok ? check(parsed, undefined, segments) : parsed.diagnostics;
  if (json === true) {
    await printJson(terminal, { ok: parsed.ok, ...(parsed.ok && { canonical: format(parsed.rule) }), diagnostics });
  } else {
    await showDiagnostics(terminal, source, diagnostics);
    await print(terminal, describeResult(parsed, diagnostics));
  }
  return parsed.ok ? EXIT_CODES.ok : EXIT_CODES.findings;
}

async function segmentKeys(terminal: Terminal, path: string): Promise<readonly string[]> {
  const { definitions } = await readDefinitionsFile(terminal, path);
  return definitions.segments.map(({ key }) => key);
}

async function formatRule(terminal: Terminal, source: string, { json }: RuleOptions): Promise<ExitCode> {
  const parsed = parse(source);
  if (!parsed.ok) {
    if (json === true) await printJson(terminal, { ok: false, diagnostics: parsed.diagnostics });
    else await say(terminal, parsed.diagnostics.map((each) => renderDiagnostic(source, each)).join("\n\n"));
    return EXIT_CODES.findings;
  }
  const canonical = format(parsed.rule);
  await (json === true ? printJson(terminal, { ok: true, canonical }) : print(terminal, canonical));
  return EXIT_CODES.ok;
}

async function showDiagnostics(terminal: Terminal, source: string, diagnostics: readonly Diagnostic[]): Promise<void> {
  for (const diagnostic of diagnostics) await write(terminal.out, `${renderDiagnostic(source, diagnostic)}\n\n`);
}

function describeResult(parsed: ParseResult, { length }: readonly Diagnostic[]): string {
  if (!parsed.ok) return `Not a rule: ${length} ${length === 1 ? "fault" : "faults"}. It would take nobody.`;
  if (parsed.rule === null) return "The rule is blank and takes everyone.";
  return length === 0
    ? "The rule is fine."
    : `The rule can be used, with ${length} ${length === 1 ? "warning" : "warnings"}.`;
}
