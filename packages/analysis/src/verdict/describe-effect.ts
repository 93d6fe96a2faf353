import type { EffectInterval, MetricResult } from "@lotty/domain";
import { percent, probability, signedPercent } from "../trust/wording.ts";
import type { MetricEffect } from "./judge-variant.ts";

/** A metric's effect in a clause: `Orders is better by +2% (+1% to +3%), p = 0.01`. */
export function describeEffect({ effect, result }: MetricEffect): string {
  const value = effect.lift?.value ?? null;
  const size = value === null ? "" : ` by ${signedPercent(value)}`;
  const p = effect.correctedP ?? effect.p;
  const word = effect.better === true ? "better" : "worse";
  return `${result.metric.name} is ${word}${size}${describeBounds(effect.lift?.interval)}${p === null ? "" : `, ${probability(p)}`}`;
}

function describeBounds(interval: EffectInterval | null | undefined): string {
  const [low, high] = [interval?.low ?? null, interval?.high ?? null];
  return low === null || high === null ? "" : ` (${signedPercent(low)} to ${signedPercent(high)})`;
}

/** A guardrail that is broken, in a clause. */
export function describeHarm({ effect, result }: MetricEffect): string {
  return `${result.metric.name} is worse by more than the accepted ${percent(effect.guardrail?.margin ?? 0)}`;
}

/** What is not known of a guardrail yet, in a sentence. */
export function describeOpen({ effect: { guardrail }, result }: MetricEffect): string {
  const bound = guardrail?.bound ?? null;
  if (guardrail === null || bound === null) return `Of ${result.metric.name} it is not known yet whether it holds.`;
  const harm = percent(Math.max(0, -bound));
  return `${result.metric.name} could be worse by ${harm}; ${percent(guardrail.margin)} is accepted.`;
}

/** What the subjects so far are enough for, one sentence per primary metric and variant. */
export function describeDetectable(metrics: readonly MetricResult[]): readonly string[] {
  return metrics
    .filter(({ role }) => role === "primary")
    .flatMap(({ metric, variants }) =>
      variants.flatMap(({ effect }) => {
        const least = effect?.minimumDetectable ?? null;
        if (least === null) return [];
        return [`For ${metric.name} the subjects so far are enough to find a change of ${percent(least)}.`];
      }),
    );
}
