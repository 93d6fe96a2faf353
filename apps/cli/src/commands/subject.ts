import { presentErasure, presentSubject } from "@lotty/contracts";
import { LottyError, subjectIdFault } from "@lotty/domain";
import type { Command } from "commander";
import { localActor } from "../people/local-actor.ts";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { renderSubject } from "../records/render-subject.ts";
import { addEnvironmentOption, environmentKeyOf } from "../profiles/api-options.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import { confirm } from "../terminal/confirm.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, printJson, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";

interface EraseOptions {
  readonly environment?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** How much of the log a subject's page shows. */
const LIMITS = { days: 30, decisions: 20 };

const EXAMPLES = `
Examples:
  $ lotty subject show ada
  $ lotty subject erase ada --yes`;

/** `lotty subject`: what is known of one subject, and forgetting it. */
export function addSubjectCommands(program: Command, { terminal, end }: CommandContext): void {
  const subject = program
    .command("subject")
    .summary("show or erase a subject")
    .description("Show what is known of a subject, or forget it, in the database of the settings.")
    .addHelpText("after", EXAMPLES);
  addEnvironmentOption(subject.command("show"))
    .summary("what it takes part in, what blocks it and until when, its last decisions")
    .argument("<id>", "the subject")
    .option("--json", "print JSON")
    .action((id: string, { environment, json }: EraseOptions) =>
      withRuntime(
        terminal,
        async ({ records }, environmentId) => {
          const page = await records.subject({ environmentId, subjectId: checkedId(id) }, LIMITS);
          return json === true
            ? printJson(terminal, presentSubject(page))
            : print(terminal, renderSubject(page, paintFor(terminal.out)));
        },
        environmentKeyOf(terminal, { environment }),
      ),
    );
  const erase = addEnvironmentOption(subject.command("erase"))
    .summary("make its decisions anonymous and remove its assignments")
    .description(
      "Make the decisions of a subject anonymous and remove its assignments. That it happened is noted, without the id. The " +
        "subject is decided afresh from then on. May be repeated.",
    )
    .argument("<id>", "the subject")
    .option("--yes", "do not ask")
    .option("--json", "print JSON")
    .action(async (id: string, options: EraseOptions) => {
      if (options.yes !== true && !terminal.input.isTerminal) {
        erase.error("error: this cannot be taken back and nobody can be asked here: add --yes");
      }
      end(await eraseSubject(terminal, id, options));
    });
}

function checkedId(subjectId: string): string {
  const fault = subjectIdFault(subjectId);
  if (fault === undefined) return subjectId;
  throw new LottyError("invalid_request", `this cannot be the id of a subject: ${fault.replaceAll("_", " ")}`);
}

async function eraseSubject(
  terminal: Terminal,
  id: string,
  { environment, json, yes }: EraseOptions,
): Promise<ExitCode> {
  const subjectId = checkedId(id);
  if (yes !== true && !(await confirm(terminal, `Erase ${JSON.stringify(id)} for good?`))) {
    await say(terminal, "Nothing was erased.");
    return EXIT_CODES.findings;
  }
  const erasure = await withRuntime(
    terminal,
    ({ records }, environmentId) => records.erase({ environmentId, subjectId }, localActor()),
    environmentKeyOf(terminal, { environment }),
  );
  const { assignments, decisions } = erasure;
  await (json === true
    ? printJson(terminal, presentErasure(erasure))
    : print(terminal, `${decisions} decisions made anonymous, ${assignments} assignments removed`));
  return EXIT_CODES.ok;
}
