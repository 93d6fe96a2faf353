import type { Command } from "commander";
import { httpControlSource } from "../control/http-control-source.ts";
import { metricNamed } from "../control/named.ts";
import { httpGuardrails } from "../guardrails/http-guardrails.ts";
import { renderRehearsal } from "../guardrails/render-rehearsal.ts";
import type { PlaceOptions } from "../profiles/api-options.ts";
import { withApi } from "../sources/with-api.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { addControlOptions, announce } from "./control-options.ts";
import { addGuardrailRules, guardrailBody, type GuardrailFieldOptions } from "./guardrail-fields.ts";
import { numberOption } from "./number-option.ts";
import { onlySaid } from "./only-said.ts";
import { show } from "./show.ts";
import { wholeOption } from "./whole-option.ts";

interface RehearseOptions extends PlaceOptions, GuardrailFieldOptions {
  readonly harm: number;
  readonly perDay: number;
  readonly share?: number;
  readonly days?: number;
  readonly looks?: number;
  readonly runs?: number;
  readonly seed?: number;
  readonly mean?: number;
  readonly sd?: number;
}

/** `lotty guardrail rehearse`: how a guardrail would behave, before anything depends on it. */
export function addRehearse(guardrail: Command, terminal: Terminal): void {
  addGuardrailRules(
    addControlOptions(
      guardrail
        .command("rehearse")
        .description("Play a guardrail on a metric's past: false alarms, and time to a true one."),
    ),
  )
    .argument("<metric>")
    .requiredOption("--harm <share>", "true harm that is to be caught, as a share of control's mean", numberOption)
    .requiredOption("--per-day <number>", "subjects of both arms exposed in a day", numberOption)
    .option("--share <share>", "part of them that gets the treatment", numberOption)
    .option("--days <number>", "how long each run lasts", wholeOption)
    .option("--looks <number>", "looks a day", wholeOption)
    .option("--runs <number>", "how often it is played", wholeOption)
    .option("--seed <number>", "the same seed plays the same", wholeOption)
    .option("--mean <number>", "mean, in place of the metric's past; with --sd", numberOption)
    .option("--sd <number>", "deviation, with --mean", numberOption)
    .action(async (metric: string, options: RehearseOptions) => {
      const { found, hours } = await withApi(terminal, options, async (client) => {
        const { definition, id } = await metricNamed(httpControlSource(client), metric);
        return {
          found: await httpGuardrails(client).rehearse({ metric_id: id, ...rehearsalBody(options) }),
          hours: definition.window_hours,
        };
      });
      if (hours >= found.days * 24) {
        const advice = "rehearse more days with --days";
        await announce(
          terminal,
          options,
          `Within ${found.days} days nobody is measured: the metric's window is ${hours} hours; ${advice}.`,
        );
      }
      await show(terminal, options, { json: found, text: (paint) => renderRehearsal(found, options.harm, paint) });
    });
}

/** What is to be rehearsed: only what was said. What is missing of a pair, the API asks for. */
function rehearsalBody(options: RehearseOptions): object {
  const { days, harm, looks, mean, perDay, runs, sd, seed, share } = options;
  const said = onlySaid({
    harm,
    arrivals_per_day: perDay,
    treatment_share: share,
    days,
    looks_per_day: looks,
    runs,
    seed,
    assumed: mean === undefined && sd === undefined ? undefined : { mean, variance: sd === undefined ? sd : sd * sd },
  });
  return { ...guardrailBody(options), ...said };
}
