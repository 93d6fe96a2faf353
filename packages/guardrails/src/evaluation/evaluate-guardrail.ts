import type {
  ArmMoments,
  Guardrail,
  GuardrailEvaluation,
  GuardrailState,
  Instant,
  Metric,
  Variant,
} from "@lotty/domain";
import { readArm } from "./read-arm.ts";

/** What a guardrail is evaluated from. */
export interface GuardrailQuestion {
  readonly guardrail: Guardrail;
  /** In the guardrail's version. */
  readonly metric: Metric;
  readonly variants: readonly Variant[];
  /** Subjects whose windows are over, one entry for each variant that has any. */
  readonly arms: readonly ArmMoments[];
  readonly watermark: Instant | null;
  readonly from: Instant | null;
  readonly now: Instant;
  /** What it saw before; `undefined` at the first look. */
  readonly before: GuardrailEvaluation | undefined;
}

/** Which state speaks for all variants: the first of these that one of them is in. */
const WORST_FIRST: readonly GuardrailState[] = ["firing", "amber", "waiting", "green"];

/**
 * Evaluates a guardrail. Every variant but control is judged by {@link readArm}, each at an equal part of alpha.
 *
 * What is controlled: as long as no variant is worse than control by more than the margin, the probability that the guardrail ever
 * fires, at any of its looks from one arming to the next, is at most alpha; asymptotically, for subjects whose windows are over. It is
 * alpha only when a variant is exactly at the margin, and less the farther all are from it. It says nothing of several
 * guardrails together.
 *
 * @throws LottyError `invalid_request` for moments that cannot be
 */
export function evaluateGuardrail(question: GuardrailQuestion): GuardrailEvaluation {
  const { arms, before, from, guardrail, metric, now, variants, watermark } = question;
  const armOf = ({ id }: Variant): ArmMoments => arms.find(({ variantId }) => variantId === id) ?? emptyArm(id);
  const control = variants.find(({ isControl }) => isControl);
  const treatments = variants.filter(({ isControl }) => !isControl);
  const alphaPerVariant = guardrail.rule.alpha / Math.max(1, treatments.length);
  const readings =
    control === undefined
      ? []
      : treatments.map((treatment) =>
          readArm(
            { control: armOf(control), treatment: armOf(treatment) },
            { metric: metric.definition, rule: guardrail.rule, alpha: alphaPerVariant },
          ),
        );
  const state = WORST_FIRST.find((each) => readings.some((reading) => reading.state === each)) ?? "waiting";
  const since = before !== undefined && before.state === state && before.from === from ? before.since : now;
  return { guardrailId: guardrail.id, at: now, state, since, watermark, from, alphaPerVariant, readings };
}

function emptyArm(variantId: string): ArmMoments {
  return { variantId, cohortDay: null, segment: null, n: 0, columns: ["value"], mean: [0], m2: [[0]] };
}
