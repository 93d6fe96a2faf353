import type { GuardrailResponse } from "@lotty/contracts";
import { LottyError } from "@lotty/domain";
import type { Command } from "commander";
import type { ControlSource } from "../control/control-source.ts";
import { httpControlSource } from "../control/http-control-source.ts";
import { experimentNamed, metricNamed } from "../control/named.ts";
import type { Names } from "../control/render-surroundings.ts";
import { type GuardrailSource, httpGuardrails } from "../guardrails/http-guardrails.ts";
import { renderFirings, renderGuardrails, renderIncident } from "../guardrails/render-guardrails.ts";
import type { PlaceOptions } from "../profiles/api-options.ts";
import { withApi } from "../sources/with-api.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, announce, type VersionOptions } from "./control-options.ts";
import { addGuardrailFields, guardrailBody, type GuardrailFieldOptions } from "./guardrail-fields.ts";
import { addRehearse } from "./guardrail-rehearse.ts";
import { show } from "./show.ts";

const EXAMPLES = `
Examples:
  $ lotty guardrail rehearse orders --margin 0.05 --harm 0.1 --per-day 20000
  $ lotty guardrail add summer orders --margin 0.05 --action pause
  $ lotty guardrail edit summer orders --action rollback
  $ lotty guardrail list summer
  $ lotty guardrail firings summer
  $ lotty guardrail firing summer 01a203d3-6d24-7000-8000-000000000001
  $ lotty guardrail undo summer 01a203d3-6d24-7000-8000-000000000001 --reason "The receiver was down."

Needs a running API: --url or a profile. Experiments and metrics go by key or id; of several on one metric, the id of the guardrail.`;

type FieldOptions = PlaceOptions & GuardrailFieldOptions;

/** `lotty guardrail`: keeps what stops experiments that do harm. */
export function addGuardrailCommands(program: Command, { terminal }: CommandContext): void {
  const guardrail = program
    .command("guardrail")
    .summary("list, add, change, rehearse or remove guardrails, and see what they have done")
    .description("Keep what watches experiments while they run.")
    .addHelpText("after", EXAMPLES);
  addLooking(guardrail, terminal);
  addRehearse(guardrail, terminal);
  addGuardrailFields(addControlOptions(guardrail.command("add").description("Watch a metric of an experiment.")))
    .argument("<experiment>")
    .argument("<metric>")
    .action((experiment: string, metric: string, options: FieldOptions) =>
      shown(terminal, options, {
        experiment,
        work: async ({ control, id, source }) => {
          const { id: metric_id } = await metricNamed(control, metric);
          return one(await source.add(id, { metric_id, ...guardrailBody(options) }));
        },
      }),
    );
  addGuardrailFields(addVersionOption(addControlOptions(guardrail.command("edit").description("Change a guardrail."))))
    .argument("<experiment>")
    .argument("<guardrail>", "its metric, or its id")
    .action((experiment: string, name: string, options: FieldOptions & VersionOptions) =>
      shown(terminal, options, {
        experiment,
        work: async (place) => {
          const before = await guardrailNamed(place, name);
          await announce(terminal, options, `Changing version ${before.version}.`);
          return one(await place.source.edit(before, guardrailBody(options), options.version ?? before.version));
        },
      }),
    );
  addVersionOption(addControlOptions(guardrail.command("remove").description("Watch it no longer.")))
    .argument("<experiment>")
    .argument("<guardrail>", "its metric, or its id")
    .action(async (experiment: string, name: string, options: PlaceOptions & VersionOptions) => {
      const removed = await withGuardrails(terminal, options, {
        experiment,
        work: async (place) => {
          const found = await guardrailNamed(place, name);
          await place.source.remove(found, options.version);
          return found.id;
        },
      });
      if (options.json === true) return show(terminal, options, { json: { removed }, text: () => removed });
      await say(terminal, "Removed.");
    });
}

function addLooking(guardrail: Command, terminal: Terminal): void {
  addControlOptions(
    guardrail.command("list").description("Show the guardrails of an experiment, and what they saw last."),
  )
    .argument("<experiment>")
    .action((experiment: string, options: PlaceOptions) =>
      shown(terminal, options, { experiment, work: async ({ id, source }) => listed(await source.list(id)) }),
    );
  addControlOptions(guardrail.command("evaluate").description("Look at all guardrails of a running experiment now."))
    .argument("<experiment>")
    .action((experiment: string, options: PlaceOptions) =>
      shown(terminal, options, {
        experiment,
        work: async ({ id, source }) => {
          const round = await source.evaluate(id);
          if (!round.evaluated)
            await announce(terminal, options, "Another process is at it; this is what was seen last.");
          return { guardrails: round.guardrails, json: round };
        },
      }),
    );
  addControlOptions(guardrail.command("firings").description("Show what guardrails have fired, and what became of it."))
    .argument("<experiment>")
    .action(async (experiment: string, options: PlaceOptions) => {
      const { firings, metrics } = await withGuardrails(terminal, options, {
        experiment,
        work: async ({ control, id, source }) => ({
          firings: await source.firings(id),
          metrics: await metricKeys(control),
        }),
      });
      await show(terminal, options, { json: { firings }, text: (paint) => renderFirings(firings, metrics, paint) });
    });
  addControlOptions(
    guardrail.command("firing").description("Show one firing: what it saw, what was reached, and when."),
  )
    .argument("<experiment>")
    .argument("<firing>", "its id")
    .action(async (experiment: string, firingId: string, options: PlaceOptions) => {
      const { incident, metrics, variants } = await withGuardrails(terminal, options, {
        experiment,
        work: async ({ control, id, source }) => ({
          incident: await source.incident(id, firingId),
          metrics: await metricKeys(control),
          variants: await variantNames(control, id),
        }),
      });
      await show(terminal, options, {
        json: incident,
        text: (paint) => renderIncident(incident, { metrics, variants }, paint),
      });
    });
  addControlOptions(guardrail.command("undo").description("Undo what a firing did, and watch again from now on."))
    .argument("<experiment>")
    .argument("<firing>", "its id")
    .requiredOption("--reason <text>", "why it was wrong")
    .action(async (experiment: string, firingId: string, options: PlaceOptions & { readonly reason: string }) => {
      const { firing, metrics } = await withGuardrails(terminal, options, {
        experiment,
        work: async ({ control, id, source }) => ({
          firing: await source.undo(id, firingId, options.reason),
          metrics: await metricKeys(control),
        }),
      });
      await show(terminal, options, { json: firing, text: (paint) => renderFirings([firing], metrics, paint) });
    });
}

/** An experiment, and where its guardrails are. */
interface Place {
  readonly id: string;
  readonly source: GuardrailSource;
  readonly control: ControlSource;
}

interface Work<T> {
  /** Key or id of the experiment. */
  readonly experiment: string;
  readonly work: (place: Place) => Promise<T>;
}

/** Guardrails to show, and the answer that they came with. */
interface Found {
  readonly guardrails: readonly GuardrailResponse[];
  readonly json: unknown;
}

function one(guardrail: GuardrailResponse): Found {
  return { guardrails: [guardrail], json: guardrail };
}

function listed(guardrails: readonly GuardrailResponse[]): Found {
  return { guardrails, json: { guardrails } };
}

async function shown(terminal: Terminal, options: PlaceOptions, { experiment, work }: Work<Found>): Promise<void> {
  const { found, metrics } = await withGuardrails(terminal, options, {
    experiment,
    work: async (place) => ({ found: await work(place), metrics: await metricKeys(place.control) }),
  });
  await show(terminal, options, {
    json: found.json,
    text: (paint) => renderGuardrails(found.guardrails, metrics, paint),
  });
}

function withGuardrails<T>(terminal: Terminal, options: PlaceOptions, { experiment, work }: Work<T>): Promise<T> {
  return withApi(terminal, options, async (client) => {
    const control = httpControlSource(client);
    const { id } = await experimentNamed(control, experiment);
    return work({ id, control, source: httpGuardrails(client) });
  });
}

async function guardrailNamed({ control, id, source }: Place, name: string): Promise<GuardrailResponse> {
  const metrics = await metricKeys(control);
  const all = await source.list(id);
  const wanted = name.toLowerCase();
  const [found, another] = all.filter(
    (each) => each.id === wanted || each.metric_id === wanted || metrics.get(each.metric_id) === name,
  );
  if (found !== undefined && another === undefined) return found;
  const [code, message] =
    found === undefined
      ? (["not_found", `no guardrail watches ${JSON.stringify(name)}`] as const)
      : (["invalid_request", `several guardrails watch ${JSON.stringify(name)}`] as const);
  throw new LottyError(code, message, { details: { advice: "`lotty guardrail list` shows them with their ids." } });
}

async function variantNames({ experiments }: ControlSource, id: string): Promise<Names> {
  const { variants } = await experiments.find(id);
  return new Map(variants.map((variant) => [variant.id, variant.name]));
}

async function metricKeys({ metrics }: ControlSource): Promise<Names> {
  return new Map((await metrics.list()).map(({ id, key }) => [id, key]));
}
