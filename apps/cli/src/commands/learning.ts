import type { LearningResponse } from "@lotty/contracts/learnings";
import { EXPERIMENT_OUTCOMES } from "@lotty/domain";
import { type Command, Option } from "commander";
import {
  httpLearnings,
  learningNamed,
  type LearningQuestion,
  type LearningSource,
} from "../learnings/http-learnings.ts";
import { renderLearning, renderLearnings, renderSummary } from "../learnings/render-learnings.ts";
import type { PlaceOptions } from "../profiles/api-options.ts";
import { withApi } from "../sources/with-api.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, announce, type VersionOptions } from "./control-options.ts";
import { orNull } from "./flag-fields.ts";
import { show } from "./show.ts";
import { wholeOption } from "./whole-option.ts";

const EXAMPLES = `
Examples:
  $ lotty learning list "checkout -colour" --outcome rollout_winner
  $ lotty learning show summer
  $ lotty learning edit summer --notes "Seen again in autumn." --tag checkout
  $ lotty learning summary --from 2026-01-01T00:00:00Z

Needs a running API: --url or a profile. Learnings go by the key of their experiment, or by id.`;

/** Learnings that are shown when nothing is said. */
const LINES = 50;

interface FilterOptions extends PlaceOptions {
  readonly tag?: string;
  readonly outcome?: string;
  readonly from?: string;
  readonly to?: string;
}

interface EditOptions extends PlaceOptions, VersionOptions {
  readonly notes?: string | false;
  readonly tag?: readonly string[] | false;
}

/** `lotty learning`: what was learned from experiments. */
export function addLearningCommands(program: Command, { terminal }: CommandContext): void {
  const learning = program
    .command("learning")
    .summary("search and sum up what experiments have taught")
    .description("Look at what was learned from completed experiments.")
    .addHelpText("after", EXAMPLES);
  addLists(learning, terminal);
  addControlOptions(learning.command("show").description("Show what was learned from an experiment."))
    .argument("<learning>", "key of the experiment, or id")
    .action((name: string, options: PlaceOptions) => shown(terminal, options, (source) => learningNamed(source, name)));
  addVersionOption(addControlOptions(learning.command("edit").description("Change notes and tags.")))
    .argument("<learning>", "key of the experiment, or id")
    .option("--notes <text>", "what is worth knowing later")
    .option("--no-notes", "nothing")
    .option("--tag <tag...>", "its tags, in place of those it has")
    .option("--no-tag", "no tags")
    .action((name: string, options: EditOptions) =>
      shown(terminal, options, async (source) => {
        const before = await learningNamed(source, name);
        await announce(terminal, options, `Changing version ${before.version} of ${before.experiment_key}.`);
        return source.edit(before.id, options.version ?? before.version, editBody(options));
      }),
    );
}

function addLists(learning: Command, terminal: Terminal): void {
  addFilters(addControlOptions(learning.command("list").description("Show learnings, the newest first.")))
    .argument("[words...]", 'words to search for, the best first; "in quotes" beside each other, OR between two')
    .option("--limit <number>", "most learnings", wholeOption, LINES)
    .action(async (words: readonly string[], options: FilterOptions & { readonly limit: number }) => {
      const learnings = await withLearnings(terminal, options, (source) =>
        source.list(questionOf(options, words), options.limit),
      );
      await show(terminal, options, { json: { learnings }, text: (paint) => renderLearnings(learnings, paint) });
    });
  addControlOptions(learning.command("similar").description("Show what has most to do with a learning."))
    .argument("<learning>", "key of the experiment, or id")
    .action(async (name: string, options: PlaceOptions) => {
      const learnings = await withLearnings(terminal, options, async (source) =>
        source.similar((await learningNamed(source, name)).id),
      );
      await show(terminal, options, { json: { learnings }, text: (paint) => renderLearnings(learnings, paint) });
    });
  addFilters(addControlOptions(learning.command("summary").description("Show what many learnings come to.")))
    .argument("[words...]", "only learnings with these words")
    .action(async (words: readonly string[], options: FilterOptions) => {
      const summary = await withLearnings(terminal, options, (source) => source.summary(questionOf(options, words)));
      await show(terminal, options, { json: summary, text: (paint) => renderSummary(summary, paint) });
    });
}

function addFilters(command: Command): Command {
  return command
    .option("--tag <tag>", "only those with a tag")
    .addOption(new Option("--outcome <outcome>", "only those that ended so").choices(EXPERIMENT_OUTCOMES))
    .option("--from <time>", "only those completed from then on, such as 2026-05-01T00:00:00Z")
    .option("--to <time>", "only those completed before");
}

function questionOf({ from, outcome, tag, to }: FilterOptions, words: readonly string[]): LearningQuestion {
  return {
    ...(words.length > 0 && { q: words.join(" ") }),
    ...(tag !== undefined && { tag }),
    ...(outcome !== undefined && { outcome }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function editBody({ notes, tag }: EditOptions): object {
  return {
    ...(notes !== undefined && { notes: orNull(notes) }),
    ...(tag !== undefined && { tags: tag === false ? [] : tag }),
  };
}

async function shown(
  terminal: Terminal,
  options: PlaceOptions,
  work: (source: LearningSource) => Promise<LearningResponse>,
): Promise<void> {
  const learning = await withLearnings(terminal, options, work);
  await show(terminal, options, { json: learning, text: (paint) => renderLearning(learning, paint) });
}

function withLearnings<T>(
  terminal: Terminal,
  options: PlaceOptions,
  work: (source: LearningSource) => Promise<T>,
): Promise<T> {
  return withApi(terminal, options, (client) => work(httpLearnings(client)));
}
