import { Command, CommanderError } from "commander";
import { addAuditCommands } from "./commands/audit.ts";
import { addDomainCommands } from "./commands/domain.ts";
import { addEnvironmentCommands } from "./commands/environment.ts";
import { addEventCommands } from "./commands/event.ts";
import { addEventTypeCommands } from "./commands/event-type.ts";
import { addExperimentCommands } from "./commands/experiment.ts";
import { addCertificateCommand } from "./commands/certificate.ts";
import { addGuardrailCommands } from "./commands/guardrail.ts";
import { addFlagCommands } from "./commands/flag.ts";
import { addLearningCommands } from "./commands/learning.ts";
import { addMetricCommands } from "./commands/metric.ts";
import { addNotificationRuleCommands } from "./commands/notification-rule.ts";
import { addWebhookCommands } from "./commands/webhook.ts";
import { addProfileCommands } from "./commands/profile.ts";
import { addPlanCommands } from "./commands/plan.ts";
import { addRampCommands } from "./commands/ramp.ts";
import { addResultsCommand } from "./commands/results.ts";
import { addReviewCommands } from "./commands/review.ts";
import { addSegmentCommands } from "./commands/segment.ts";
import { addApplyCommand } from "./commands/apply.ts";
import { addCompletionCommand } from "./commands/completion.ts";
import { addDecideCommand } from "./commands/decide.ts";
import { addDecisionsCommands } from "./commands/decisions.ts";
import { addDeliveryCommands } from "./commands/delivery.ts";
import { addDlqCommands } from "./commands/dlq.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addExplainCommand } from "./commands/explain.ts";
import { addExportCommand } from "./commands/export.ts";
import { addKeyCommands } from "./commands/key.ts";
import { addMigrateCommand } from "./commands/migrate.ts";
import { addReplayCommand } from "./commands/replay.ts";
import { addReportCommand } from "./commands/report.ts";
import { addRuleCommands } from "./commands/rule.ts";
import { addSubjectCommands } from "./commands/subject.ts";
import { addUserCommands } from "./commands/user.ts";
import { printCandidates } from "./completion/print-candidates.ts";
import { COMPLETE_COMMAND } from "./completion/scripts.ts";
import { ControlRefused } from "./control/control-refused.ts";
import { reportRefusal } from "./control/report-refusal.ts";
import { EXIT_CODES, type ExitCode, exitCodeOf } from "./exit-code.ts";
import { InvalidDefinitions } from "./sources/read-definitions-file.ts";
import { reportError } from "./terminal/report-error.ts";
import { print, say, type Terminal } from "./terminal/terminal.ts";

const HELP = `
Settings are environment variables, as for the server: DATABASE_URL or LOTTY_DATA_DIR, REDIS_URL and others.
Data goes to the standard output, everything else to the standard error stream. NO_COLOR is respected.

Exit codes: 0 done; 1 something was found (faults in a rule, differences, bad lines); 2 wrong command line;
3 wrong file, rule, subject or setting, or refused; 4 something that is needed is away or in use; 70 a defect in Lotty;
130 stopped by Ctrl-C; 143 stopped by SIGTERM.`;

/**
 * Runs one command.
 *
 * @param args what follows the name of the program
 * @returns the exit code
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT_CODES.ok;
  const program = createProgram(terminal, (ended) => (code = ended));
  try {
    if (args[0] === COMPLETE_COMMAND) {
      await printCandidates(terminal, program, args.slice(1));
      return code;
    }
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    if (terminal.stop.aborted)
      return terminal.stop.reason === "SIGTERM" ? EXIT_CODES.terminated : EXIT_CODES.interrupted;
    const json = args.includes("--json");
    if (error instanceof ControlRefused) {
      await reportRefusal(terminal, error.refusal, json);
      return EXIT_CODES.invalid_input;
    }
    if (error instanceof InvalidDefinitions) {
      await (json ? print(terminal, JSON.stringify({ problems: error.problems })) : say(terminal, error.rendered));
    }
    await reportError(terminal, error, json);
    return exitCodeOf(error);
  }
}

function createProgram(terminal: Terminal, end: (code: ExitCode) => void): Command {
  const program = new Command("lotty")
    .description("Feature flags and experiments: define, decide, explain.")
    .addHelpText("after", HELP)
    .showSuggestionAfterError()
    .exitOverride()
    // What follows the name of a command belongs to it, also where its group has an option of the same name.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => void terminal.out.stream.write(text),
      writeErr: (text) => void terminal.talk.stream.write(text),
      getOutHelpWidth: () => terminal.out.columns,
      getErrHelpWidth: () => terminal.talk.columns,
      getOutHasColors: () => terminal.out.colours,
      getErrHasColors: () => terminal.talk.colours,
    });
  const context = { terminal, end };
  addDecideCommand(program, context);
  addExplainCommand(program, context);
  addApplyCommand(program, context);
  addExportCommand(program, context);
  addRuleCommands(program, context);
  addReportCommand(program, context);
  addDecisionsCommands(program, context);
  addSubjectCommands(program, context);
  addReplayCommand(program, context);
  addMigrateCommand(program, context);
  addFlagCommands(program, context);
  addMetricCommands(program, context);
  addPlanCommands(program, context);
  addResultsCommand(program, context);
  addExperimentCommands(program, context);
  addGuardrailCommands(program, context);
  addRampCommands(program, context);
  addCertificateCommand(program, context);
  addReviewCommands(program, context);
  addLearningCommands(program, context);
  addSegmentCommands(program, context);
  addDomainCommands(program, context);
  addEnvironmentCommands(program, context);
  addEventTypeCommands(program, context);
  addEventCommands(program, context);
  addAuditCommands(program, context);
  addWebhookCommands(program, context);
  addNotificationRuleCommands(program, context);
  addDeliveryCommands(program, context);
  addUserCommands(program, context);
  addKeyCommands(program, context);
  addProfileCommands(program, context);
  addDlqCommands(program, context);
  addDoctorCommand(program, context);
  addCompletionCommand(program, context);
  return program;
}
