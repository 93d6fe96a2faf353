import type { Command } from "commander";
import type { Check, CheckStatus } from "../doctor/check.ts";
import type { Findings } from "../doctor/examine.ts";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { paintFor, type Tone } from "../terminal/paint.ts";
import { print, printJson, type Terminal } from "../terminal/terminal.ts";
import { visibleText } from "../terminal/visible-text.ts";
import type { CommandContext } from "./command-context.ts";

const TONES: Readonly<Record<CheckStatus, Tone>> = { ok: "good", warn: "doubtful", fail: "bad" };

const EXAMPLES = `
Examples:
  $ lotty doctor
  $ lotty doctor --json | jq '.checks[] | select(.status != "ok")'

Exit code: 0 when nothing fails, 1 when something does. Changes nothing.`;

/** `lotty doctor`: looks at everything an installation depends on. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command("doctor")
    .summary("check settings, database, Redis, disk and clock")
    .description("Check everything that an installation depends on, and tell what to do about what is wrong.")
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLES)
    .action(async ({ json }: { readonly json?: boolean }) => {
      // Loaded here, so that commands that need no database do not wait half a second for it.
      const { examine } = await import("../doctor/examine.ts");
      const findings = await examine(context.terminal.env);
      await (json === true ? printJson(context.terminal, findings) : printFindings(context.terminal, findings));
      context.end(exitCode(findings.checks));
    });
}

async function printFindings(terminal: Terminal, { checks, settings }: Findings): Promise<void> {
  const paint = paintFor(terminal.out);
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, status, message, advice } of checks) {
    await print(terminal, `${paint(TONES[status], status.padEnd(4))}  ${name.padEnd(width)}  ${visibleText(message)}`);
    if (advice !== undefined) await print(terminal, `${" ".repeat(width + 8)}${paint("quiet", advice)}`);
  }
  if (settings === null) return;
  await print(terminal, "\nSettings:");
  for (const [name, value] of Object.entries(settings)) {
    const shown = value === null ? paint("quiet", "not used") : visibleText(value);
    await print(terminal, `  ${name}: ${shown}`);
  }
}

function exitCode(checks: readonly Check[]): ExitCode {
  return checks.some(({ status }) => status === "fail") ? EXIT_CODES.findings : EXIT_CODES.ok;
}
