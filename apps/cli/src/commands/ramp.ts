import type { RampResponse } from "@lotty/contracts";
import { type Command, InvalidArgumentError } from "commander";
import { httpControlSource } from "../control/http-control-source.ts";
import { experimentNamed } from "../control/named.ts";
import { httpRamps, type RampSource } from "../guardrails/http-guardrails.ts";
import { renderRamp } from "../guardrails/render-guardrails.ts";
import type { PlaceOptions } from "../profiles/api-options.ts";
import { withApi } from "../sources/with-api.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, type VersionOptions } from "./control-options.ts";
import { noneYet } from "./none-yet.ts";
import { numberOption } from "./number-option.ts";
import { show } from "./show.ts";

const EXAMPLES = `
Examples:
  $ lotty ramp set summer 1:24 10:48 50:48 100
  $ lotty ramp hold summer
  $ lotty ramp release summer

A step is the share of the traffic in percent, and after a colon how many hours it holds. Needs a running API: --url or a profile.`;

type ChangeOptions = PlaceOptions & VersionOptions;

interface Step {
  readonly traffic_allocation: string;
  readonly hold_hours: number;
}

/** `lotty ramp`: lets the traffic of experiments grow by plan. */
export function addRampCommands(program: Command, { terminal }: CommandContext): void {
  const ramp = program
    .command("ramp")
    .summary("show, set, hold, release or remove ramp plans of traffic")
    .description("Let the traffic of an experiment grow by plan.")
    .addHelpText("after", EXAMPLES);
  addControlOptions(ramp.command("show").description("Show the ramp plan of an experiment."))
    .argument("<experiment>", "key or id")
    .action((name: string, options: PlaceOptions) =>
      shown(terminal, options, { name, work: (source, id) => source.find(id).catch(NO_PLAN) }),
    );
  addChange(ramp, "set", "Make a ramp plan, or replace it.")
    .argument("<step...>", "such as 10:48, the last one such as 100", readStep)
    .action((name: string, steps: readonly Step[], options: ChangeOptions) =>
      shown(terminal, options, { name, work: (source, id) => source.put(id, { steps }, options.version) }),
    );
  for (const [action, description] of [
    ["hold", "Take no further step for the time being."],
    ["release", "Let the plan go on."],
  ] as const) {
    addChange(ramp, action, description).action((name: string, options: ChangeOptions) =>
      shown(terminal, options, { name, work: (source, id) => source.act(id, action, options.version) }),
    );
  }
  addChange(ramp, "remove", "Remove the ramp plan; the traffic stays as it is.").action(
    async (name: string, options: ChangeOptions) => {
      const removed = await withRamp(terminal, options, {
        name,
        work: async (source, id) => {
          await source.remove(id, options.version);
          return name;
        },
      });
      if (options.json === true) return show(terminal, options, { json: { removed }, text: () => removed });
      await say(terminal, "Removed.");
    },
  );
}

const NO_PLAN = noneYet("ramp plan", "`lotty ramp set` makes one.");

function addChange(ramp: Command, name: string, description: string): Command {
  const command = addVersionOption(addControlOptions(ramp.command(name).description(description)));
  return command.argument("<experiment>", "key or id");
}

function readStep(text: string, before: readonly Step[] = []): readonly Step[] {
  const [traffic_allocation = "", hold = "0", ...rest] = text.split(":");
  if (traffic_allocation === "" || rest.length > 0) throw new InvalidArgumentError("Not a step such as 10:48.");
  return [...before, { traffic_allocation, hold_hours: numberOption(hold) }];
}

interface Work<T> {
  /** Key or id of the experiment. */
  readonly name: string;
  readonly work: (source: RampSource, experimentId: string) => Promise<T>;
}

async function shown(terminal: Terminal, options: PlaceOptions, asked: Work<RampResponse>): Promise<void> {
  const plan = await withRamp(terminal, options, asked);
  await show(terminal, options, { json: plan, text: (paint) => renderRamp(plan, paint) });
}

function withRamp<T>(terminal: Terminal, options: PlaceOptions, { name, work }: Work<T>): Promise<T> {
  return withApi(terminal, options, async (client) => {
    const { id } = await experimentNamed(httpControlSource(client), name);
    return work(httpRamps(client), id);
  });
}
