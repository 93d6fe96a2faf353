import type { Command } from "commander";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { renderSubject } from "../records/render-subject.ts";
import { addPlaceOptions, type PlaceOptions } from "../profiles/api-options.ts";
import { subjectIdOf } from "../records/record-names.ts";
import { withRecords } from "../records/with-records.ts";
import { confirm } from "../terminal/confirm.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { show } from "./show.ts";

interface EraseOptions extends PlaceOptions {
  readonly yes?: boolean;
}

const EXAMPLES = `
Examples:
  $ lotty subject show ada
  $ lotty subject erase ada --yes`;

/** `lotty subject`: what is known of one subject, and forgetting it. */
export function addSubjectCommands(program: Command, { terminal, end }: CommandContext): void {
  const subject = program
    .command("subject")
    .summary("show or erase a subject")
    .description("Show what is known of a subject, or forget it.")
    .addHelpText("after", EXAMPLES);
  addPlaceOptions(subject.command("show"))
    .summary("what it takes part in, what blocks it and until when, its last decisions")
    .argument("<id>", "the subject")
    .option("--json", "print JSON")
    .action(async (id: string, options: PlaceOptions) => {
      const page = await withRecords(terminal, options, (source) => source.subject(id));
      await show(terminal, options, { json: page, text: (paint) => renderSubject(page, paint) });
    });
  const erase = addPlaceOptions(subject.command("erase"))
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

async function eraseSubject(terminal: Terminal, given: string, options: EraseOptions): Promise<ExitCode> {
  const id = subjectIdOf(given);
  if (options.yes !== true && !(await confirm(terminal, `Erase ${JSON.stringify(id)} for good?`))) {
    await say(terminal, "Nothing was erased.");
    return EXIT_CODES.findings;
  }
  const erasure = await withRecords(terminal, options, (source) => source.erase(id));
  const { assignments, decisions, events } = erasure;
  const anonymous = `${decisions} decisions and ${events ?? 0} events made anonymous`;
  const text = `${anonymous}, ${assignments} assignments removed`;
  await show(terminal, options, { json: erasure, text: () => text });
  return EXIT_CODES.ok;
}
