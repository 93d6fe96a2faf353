import { LottyError, type RetryOutcome } from "@lotty/domain";
import { type Command, InvalidArgumentError, Option } from "commander";
import { forEachLetter, type LetterOutcome, type Selection } from "../dead-letters/for-each-letter.ts";
import {
  DECISION_LETTERS,
  EVENT_LETTERS,
  type LetterKind,
  LETTERS_OF,
  type LettersOf,
} from "../dead-letters/letter-kind.ts";
import { presentLetter, renderLetters } from "../dead-letters/render-letters.ts";
import { withDeadLetters } from "../dead-letters/with-dead-letters.ts";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { confirm } from "../terminal/confirm.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, printJson, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";

interface ListOptions {
  readonly of: LettersOf;
  readonly limit: number;
  readonly after?: string;
  readonly json?: boolean;
}

interface ChangeOptions {
  readonly of: LettersOf;
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 10_000;

const EXAMPLES = `
Examples:
  $ lotty dlq list
  $ lotty dlq list --json --limit 1000 | jq -r '.letters[] | [.id, .reason] | @tsv'
  $ lotty dlq list --of events
  $ lotty dlq retry 0:1790000000000-0
  $ lotty dlq retry --all
  $ lotty dlq drop --all --yes

Needs REDIS_URL, and DECISION_STREAM_SHARDS as the workers have it; no database.`;

/** `lotty dlq`: looks after the entries that workers have set aside. */
export function addDlqCommands(program: Command, context: CommandContext): void {
  const dlq = program
    .command("dlq")
    .summary("list, retry or drop queued decisions and events that could not be recorded")
    .description(
      "Look after dead letters: queued decisions, or events, that a worker set aside because they cannot be recorded.",
    )
    .addHelpText("after", EXAMPLES);
  addListCommand(dlq, context);
  addRetryCommand(dlq, context);
  addDropCommand(dlq, context);
}

function addListCommand(dlq: Command, { terminal }: CommandContext): void {
  dlq
    .command("list")
    .summary("show what was set aside, and why")
    .description("Show dead letters, oldest first. Changes nothing.")
    .addOption(lettersOption())
    .option("--limit <count>", `most to show (default: ${DEFAULT_LIMIT})`, readLimit, DEFAULT_LIMIT)
    .option("--after <id>", "go on after this one")
    .option("--json", "print JSON, with the payloads")
    .action((options: ListOptions) =>
      options.of === "events" ? list(terminal, EVENT_LETTERS, options) : list(terminal, DECISION_LETTERS, options),
    );
}

function addRetryCommand(dlq: Command, { terminal, end }: CommandContext): void {
  const command = dlq
    .command("retry")
    .summary("put letters back into the stream")
    .description(
      "Put dead letters back at the end of the stream, for a worker to take them again. Each is moved in one step, so " +
        "nothing is lost whatever interrupts it; what has been recorded meanwhile is not recorded twice.",
    )
    .argument("[id...]", "as `lotty dlq list` shows them")
    .addOption(lettersOption())
    .option("--all", "all that are there now")
    .option("--json", "print JSON")
    .action(async (ids: readonly string[], options: ChangeOptions) => {
      end(await retry(terminal, selectionOf(command, ids, options), options));
    });
}

function addDropCommand(dlq: Command, { terminal, end }: CommandContext): void {
  const command = dlq
    .command("drop")
    .summary("forget letters for good")
    .description("Forget dead letters for good. What is in them will never be recorded.")
    .argument("[id...]", "as `lotty dlq list` shows them")
    .addOption(lettersOption())
    .option("--all", "all that are there now")
    .option("--yes", "do not ask")
    .option("--json", "print JSON")
    .action(async (ids: readonly string[], options: ChangeOptions) => {
      const selection = selectionOf(command, ids, options);
      if (options.yes !== true && !terminal.input.isTerminal) {
        command.error(`error: this forgets ${options.of} for good and nobody can be asked here: add --yes`);
      }
      end(await drop(terminal, selection, options));
    });
}

function lettersOption(): Option {
  return new Option("--of <what>", "whose dead letters").choices(LETTERS_OF).default("decisions");
}

function kindOf(of: LettersOf): Pick<LetterKind<unknown>, "in"> {
  return of === "events" ? EVENT_LETTERS : DECISION_LETTERS;
}

function readLimit(given: string): number {
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new InvalidArgumentError(`Not a whole number from 1 to ${MAX_LIMIT}.`);
}

function selectionOf(command: Command, ids: readonly string[], { all }: ChangeOptions): Selection {
  if (all === true && ids.length > 0) command.error("error: ids and --all exclude each other");
  if (all !== true && ids.length === 0) command.error("error: name the ids of dead letters, or use --all");
  return all === true ? { all } : { ids };
}

async function list<Item>(
  terminal: Terminal,
  kind: LetterKind<Item>,
  { limit, after, json }: ListOptions,
): Promise<void> {
  const { letters, total, more } = await withDeadLetters(terminal, async (boxes) => {
    const port = kind.in(boxes);
    // One more tells whether there is another page.
    const [found, size] = await Promise.all([port.list(limit + 1, after), port.size()]);
    return { letters: found.slice(0, limit), total: size, more: found.length > limit };
  });
  const next = more ? letters.at(-1)?.id : undefined;
  if (json === true) {
    return printJson(terminal, {
      total,
      letters: letters.map((letter) => presentLetter(letter, kind)),
      next: next ?? null,
    });
  }
  if (letters.length > 0) await print(terminal, renderLetters(letters, kind, paintFor(terminal.out)));
  if (total === 0) return say(terminal, "There are no dead letters.");
  await say(terminal, `${letters.length} of ${total}.${next === undefined ? "" : ` Go on with --after ${next}`}`);
}

async function retry(terminal: Terminal, selection: Selection, { json = false, of }: ChangeOptions): Promise<ExitCode> {
  const outcomes = await withDeadLetters(terminal, (boxes) => {
    const letters = kindOf(of).in(boxes);
    return forEachLetter(letters, selection, { act: (id) => letters.retry(id), stop: terminal.stop });
  });
  return report(terminal, { selection, outcomes, done: "retried", json });
}

async function drop(
  terminal: Terminal,
  selection: Selection,
  { yes, json = false, of }: ChangeOptions,
): Promise<ExitCode> {
  return withDeadLetters(terminal, async (boxes) => {
    const letters = kindOf(of).in(boxes);
    const count = "ids" in selection ? selection.ids.length : await letters.size();
    const question = `Forget ${count === 1 ? "this dead letter" : `${count} dead letters`} for good?`;
    if (count > 0 && yes !== true && !(await confirm(terminal, question))) {
      await say(terminal, "Nothing was dropped.");
      return EXIT_CODES.findings;
    }
    const outcomes = await forEachLetter(letters, selection, {
      act: async (id) => ((await letters.drop(id)) ? "dropped" : "not_found"),
      stop: terminal.stop,
    });
    return report(terminal, { selection, outcomes, done: "dropped", json });
  });
}

/** What a command has done. */
interface Work {
  readonly selection: Selection;
  readonly outcomes: readonly LetterOutcome<RetryOutcome | "dropped">[];
  readonly done: "retried" | "dropped";
  readonly json: boolean;
}

async function report(terminal: Terminal, { selection, outcomes, done, json }: Work): Promise<ExitCode> {
  const idsOf = (outcome: RetryOutcome | "dropped"): readonly string[] =>
    outcomes.filter((each) => each.outcome === outcome).map(({ id }) => id);
  const [finished, empty] = [idsOf(done), idsOf("empty")];
  // Of all, those that somebody else has dealt with meanwhile are no concern of ours.
  const missing = "all" in selection ? [] : idsOf("not_found");
  if (json) await printJson(terminal, { [done]: finished, not_found: missing, empty });
  else for (const id of finished) await print(terminal, `${done}  ${id}`);

  if (missing.length > 0 && missing.length === outcomes.length) throw unknownLetters(missing);
  for (const id of missing) await say(terminal, `${id}: there is no such dead letter`);
  for (const id of empty) await say(terminal, `${id}: nothing is left of its entry; all that helps is to drop it`);
  if (outcomes.length === 0) await say(terminal, "There are no dead letters.");
  return missing.length + empty.length === 0 ? EXIT_CODES.ok : EXIT_CODES.findings;
}

function unknownLetters(ids: readonly string[]): LottyError {
  return new LottyError("not_found", `There is no dead letter ${ids.join(", ")}.`, {
    details: { advice: "`lotty dlq list` shows the ids; one that was retried and set aside again has a new one." },
  });
}
