import { LottyError } from "@lotty/domain";
import type { Command } from "commander";
import { experimentNamed, groupNamed } from "../control/named.ts";
import { renderReviews } from "../control/render-experiments.ts";
import { type Names, renderGroups } from "../control/render-surroundings.ts";
import { withControl } from "../control/with-control.ts";
import type { ApiOptions } from "../profiles/api-options.ts";
import { withIdentity } from "../people/with-identity.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions } from "./control-options.ts";
import { show } from "./show.ts";
import { wholeOption } from "./whole-option.ts";

const EXAMPLES = `
Examples:
  $ lotty review show summer
  $ lotty review group put shop --experimenter eve --approver ann --approver bob --minimum 2
  $ lotty experiment approve summer --version 2

An approver group reviews the experiments of its experimenters. Changes of groups are for admins. People go by name, they and keys by id.`;

/** Keys may be approvers, too; they go by their ids. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

interface GroupOptions extends ApiOptions {
  readonly experimenter?: readonly string[];
  readonly approver?: readonly string[];
  readonly minimum: number;
}

/** `lotty review`: shows reviews, and keeps the groups that give them. */
export function addReviewCommands(program: Command, { terminal }: CommandContext): void {
  const review = program
    .command("review")
    .summary("show reviews; list, make, change or remove approver groups")
    .description("Show reviews of experiments, and keep the groups that give them.")
    .addHelpText("after", EXAMPLES);
  addControlOptions(review.command("show").description("Show what was said of an experiment, and what is missing."))
    .argument("<experiment>", "key or id")
    .action(async (name: string, options: ApiOptions) => {
      const reviews = await withControl(terminal, options, async (source) =>
        source.experiments.reviews((await experimentNamed(source, name)).id),
      );
      await show(terminal, options, { json: reviews, text: (paint) => renderReviews(reviews, paint) });
    });
  const group = review.command("group").description("Keep approver groups.");
  addControlOptions(group.command("list").description("Show all approver groups.")).action((options: ApiOptions) =>
    list(terminal, options),
  );
  addControlOptions(
    group.command("put").description("Make an approver group, or change it; what is given replaces what was."),
  )
    .argument("<name>")
    .option("--experimenter <person...>", "whose experiments it reviews")
    .option("--approver <person...>", "who may review them")
    .option("--minimum <count>", "approvals that are needed", wholeOption, 1)
    .action((name: string, options: GroupOptions) => put(terminal, name, options));
  addControlOptions(group.command("remove").description("Remove an approver group."))
    .argument("<name>")
    .action((name: string, options: ApiOptions) => remove(terminal, name, options));
}

async function list(terminal: Terminal, options: ApiOptions): Promise<void> {
  const groups = await withControl(terminal, options, (source) => source.groups.list());
  // Whoever may look at groups need not be allowed to look at people: then they go by their ids.
  const names = options.json === true ? new Map() : await peopleOf(terminal, options).catch(() => new Map());
  await show(terminal, options, {
    json: { approver_groups: groups },
    text: (paint) => renderGroups(groups, names, paint),
  });
}

async function put(terminal: Terminal, name: string, options: GroupOptions): Promise<void> {
  const names = await peopleOf(terminal, options);
  const ids = new Map(Array.from(names, ([id, person]) => [person, id]));
  const idOf = (person: string): string => {
    const folded = person.toLowerCase();
    const id = ids.get(folded) ?? (UUID.test(folded) ? folded : undefined);
    if (id !== undefined) return id;
    throw new LottyError("not_found", `there is nobody called ${JSON.stringify(person)}`, {
      details: { advice: "`lotty user list` shows everybody." },
    });
  };
  const { approver = [], experimenter = [], minimum } = options;
  const body = { name, experimenters: experimenter.map(idOf), approvers: approver.map(idOf), minimum };
  const made = await withControl(terminal, options, async ({ groups }) => {
    const known = (await groups.list()).find((each) => each.name === name);
    return groups.put(known?.id, body);
  });
  await show(terminal, options, { json: made, text: (paint) => renderGroups([made], names, paint) });
}

async function peopleOf(terminal: Terminal, options: ApiOptions): Promise<Names> {
  const users = await withIdentity(terminal, options, (source) => source.listUsers());
  return new Map(users.map(({ id, name }) => [id, name]));
}

async function remove(terminal: Terminal, name: string, options: ApiOptions): Promise<void> {
  const removed = await withControl(terminal, options, async (source) => {
    const group = await groupNamed(source, name);
    await source.groups.remove(group.id);
    return group.name;
  });
  if (options.json === true) return show(terminal, options, { json: { removed }, text: () => removed });
  await say(terminal, "Removed.");
}
