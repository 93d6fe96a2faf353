import type { ConflictDomainResponse } from "@lotty/contracts";
import { type Command, InvalidArgumentError } from "commander";
import type { ControlSource } from "../control/control-source.ts";
import { domainNamed, experimentKeys, experimentNamed } from "../control/named.ts";
import { renderDomains, renderOverlap } from "../control/render-surroundings.ts";
import { withControl } from "../control/with-control.ts";
import type { ApiOptions } from "../profiles/api-options.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions } from "./control-options.ts";
import { show } from "./show.ts";
import { wholeOption } from "./whole-option.ts";

const EXAMPLES = `
Examples:
  $ lotty domain create checkout
  $ lotty domain put checkout summer --priority 10
  $ lotty domain overlap checkout --days 30

Of the experiments in a domain, a subject takes part in one: the highest priority wins.`;

/** `lotty domain`: keeps conflict domains. */
export function addDomainCommands(program: Command, { terminal }: CommandContext): void {
  const domain = program
    .command("domain")
    .summary("list, make, change or remove conflict domains; show overlaps")
    .description("Keep groups of experiments of which a subject may be in only one.")
    .addHelpText("after", EXAMPLES);
  addLooking(domain, terminal);
  addControlOptions(domain.command("create").description("Make a domain without members."))
    .argument("<key>")
    .action((key: string, options: ApiOptions) =>
      shown(terminal, options, (source) => source.domains.create({ key, members: [] })),
    );
  addControlOptions(domain.command("rename").description("Call a domain something else."))
    .argument("<domain>")
    .argument("<key>")
    .action((name: string, key: string, options: ApiOptions) =>
      shown(terminal, options, async (source) => source.domains.edit((await domainNamed(source, name)).id, { key })),
    );
  addControlOptions(domain.command("put").description("Give an experiment a place in a domain, or another priority."))
    .argument("<domain>")
    .argument("<experiment>")
    .requiredOption("--priority <number>", "a whole number; the highest wins", priorityOption)
    .action((name: string, experiment: string, options: ApiOptions & { readonly priority: number }) =>
      withMembers(terminal, options, { name, experiment, priority: options.priority }),
    );
  addControlOptions(domain.command("take").description("Take an experiment out of a domain."))
    .argument("<domain>")
    .argument("<experiment>")
    .action((name: string, experiment: string, options: ApiOptions) =>
      withMembers(terminal, options, { name, experiment, priority: null }),
    );
  addControlOptions(domain.command("remove").description("Remove a domain. Its experiments stay."))
    .argument("<domain>")
    .action((name: string, options: ApiOptions) => remove(terminal, name, options));
}

function addLooking(domain: Command, terminal: Terminal): void {
  addControlOptions(domain.command("list").description("Show all domains.")).action(async (options: ApiOptions) => {
    const { domains, names } = await withControl(terminal, options, async (source) => ({
      domains: await source.domains.list(),
      names: await experimentKeys(source),
    }));
    await show(terminal, options, { json: { domains }, text: (paint) => renderDomains(domains, names, paint) });
  });
  addControlOptions(domain.command("show").description("Show a domain with its members."))
    .argument("<domain>", "key or id")
    .action((name: string, options: ApiOptions) => shown(terminal, options, (source) => domainNamed(source, name)));
  addControlOptions(
    domain.command("overlap").description("Show who shares subjects, and what the domain costs each member."),
  )
    .argument("<domain>")
    .option("--days <count>", "how far to look back", wholeOption, 30)
    .action(async (name: string, options: ApiOptions & { readonly days: number }) => {
      const { names, overlap } = await withControl(terminal, options, async (source) => ({
        overlap: await source.domains.overlap((await domainNamed(source, name)).id, options.days),
        names: await experimentKeys(source),
      }));
      await show(terminal, options, { json: overlap, text: (paint) => renderOverlap(overlap, names, paint) });
    });
}

function priorityOption(given: string): number {
  const priority = /^-?\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
  if (Number.isInteger(priority)) return priority;
  throw new InvalidArgumentError("Not a whole number.");
}

interface Membership {
  readonly name: string;
  readonly experiment: string;
  /** `null` for none. */
  readonly priority: number | null;
}

function withMembers(terminal: Terminal, options: ApiOptions, wanted: Membership): Promise<void> {
  return shown(terminal, options, async (source) => {
    const domain = await domainNamed(source, wanted.name);
    const { id } = await experimentNamed(source, wanted.experiment);
    const others = domain.members.filter((member) => member.experiment_id !== id);
    const { priority } = wanted;
    const members = priority === null ? others : [...others, { experiment_id: id, priority }];
    return source.domains.edit(domain.id, { members });
  });
}

async function shown(
  terminal: Terminal,
  options: ApiOptions,
  work: (source: ControlSource) => Promise<ConflictDomainResponse>,
): Promise<void> {
  const { domain, names } = await withControl(terminal, options, async (source) => ({
    domain: await work(source),
    names: await experimentKeys(source),
  }));
  await show(terminal, options, { json: domain, text: (paint) => renderDomains([domain], names, paint) });
}

async function remove(terminal: Terminal, name: string, options: ApiOptions): Promise<void> {
  const removed = await withControl(terminal, options, async (source) => {
    const { id, key } = await domainNamed(source, name);
    await source.domains.remove(id);
    return key;
  });
  if (options.json === true) return show(terminal, options, { json: { removed }, text: () => removed });
  await say(terminal, "Removed.");
}
