import {
  type FiringRateResponse,
  readRehearsal,
  type RehearsalRequest,
  type RehearsalResponse,
} from "@lotty/contracts";
import { GUARDRAIL_DEFAULTS, LottyError, MICROS_PER_DAY, type Metric } from "@lotty/domain";
import {
  assumedSource,
  type FiringRate,
  recordedSource,
  rehearse,
  type Rehearsal,
  type ValueSource,
} from "@lotty/guardrails";
import { jsonAnswer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { environmentOf } from "../control/asked-by.ts";
import { nothingThere } from "../control/looking.ts";
import { readBodyOf } from "../control/read-body-of.ts";
import { GUARDRAIL_OPERATIONS } from "./guardrail-operations.ts";
import { ruleOf } from "./guardrail-routes.ts";

/** Most recorded subjects that a rehearsal draws from, and how far back they may lie. */
const MAX_RECORDED = 20_000;
const RECORDED_DAYS = 28;

/** How long a rehearsal works before it lets other requests have their turn, in milliseconds. */
const SLICE_MILLIS = 10;

/** Longest rehearsal, in milliseconds of work and waiting. */
const MAX_MILLIS = 60_000;

/** How a guardrail would behave. */
export function rehearseRoute({ control }: ControlParts): Route {
  let isBusy = false;
  return {
    method: "POST",
    path: "/v1/guardrails/rehearse",
    access: { kind: "scope", scope: "manage", role: "viewer" },
    operation: GUARDRAIL_OPERATIONS.rehearse,
    handler: async (asked) => {
      const body = await readBodyOf(asked.request, readRehearsal);
      if (!body.ok) return problemAnswer(body.problem, asked.requestId);
      const { history, metrics } = control().guardrails;
      const metric = await metrics.find(environmentOf(asked), body.value.metric_id);
      if (metric === undefined) return nothingThere(asked.requestId);
      if (isBusy) throw new LottyError("overloaded", "Another rehearsal is under way; try again in a minute.");
      isBusy = true;
      try {
        const to = control().guardrails.now();
        const span = { from: to - RECORDED_DAYS * MICROS_PER_DAY, to, limit: MAX_RECORDED };
        const { assumed } = body.value;
        const past = assumed === undefined && history !== null ? await history.values(metric, span) : [];
        const source =
          assumed === undefined
            ? recordedSource(past, metric.definition.kind)
            : assumedSource(assumed, metric.definition.kind);
        const rehearsal = await inSlices(rehearse(questionOf(body.value, metric, source)));
        return jsonAnswer(
          present(rehearsal, { request: body.value, source, recorded: assumed === undefined ? past.length : null }),
        );
      } finally {
        isBusy = false;
      }
    },
  };
}

function questionOf(request: RehearsalRequest, metric: Metric, source: ValueSource): Parameters<typeof rehearse>[0] {
  const { margin } = request;
  return {
    rule: { ...GUARDRAIL_DEFAULTS, action: "notify", ...ruleOf(request), margin },
    metric: metric.definition,
    source,
    arrivalsPerDay: request.arrivals_per_day,
    treatmentShare: request.treatment_share,
    days: request.days,
    looksPerDay: request.looks_per_day,
    harm: request.harm,
    runs: request.runs,
    seed: request.seed,
  };
}

/** Plays on while the process has nothing better to do. */
async function inSlices(player: Generator<undefined, Rehearsal>): Promise<Rehearsal> {
  const begin = performance.now();
  for (let slice = begin; ; slice = performance.now()) {
    while (performance.now() - slice < SLICE_MILLIS) {
      const step = player.next();
      if (step.done === true) return step.value;
    }
    if (performance.now() - begin > MAX_MILLIS) {
      throw new LottyError("timeout", "The rehearsal takes too long; ask for fewer runs, days or looks.");
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function present(
  rehearsal: Rehearsal,
  about: { readonly request: RehearsalRequest; readonly source: ValueSource; readonly recorded: number | null },
): RehearsalResponse {
  const { recorded, request, source } = about;
  return {
    source: recorded === null ? "assumed" : "recorded",
    recorded_subjects: recorded,
    mean: source.mean,
    variance: source.variance,
    days: request.days,
    runs: request.runs,
    seed: request.seed,
    no_effect: presentRate(rehearsal.noEffect),
    at_margin: presentRate(rehearsal.atMargin),
    true_harm: presentRate(rehearsal.trueHarm),
    naive: presentRate(rehearsal.naive),
  };
}

function presentRate(rate: FiringRate): FiringRateResponse {
  return {
    share: rate.share,
    se: rate.se,
    median_hours: rate.medianHours,
    p90_hours: rate.p90Hours,
    median_subjects: rate.medianSubjects,
    p90_subjects: rate.p90Subjects,
  };
}
