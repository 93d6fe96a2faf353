import type { AnalysisPlan, MetricResult, ReportedVariant, TrustCheck, Verdict } from "@lotty/domain";
import { describeDetectable, describeEffect, describeHarm, describeOpen } from "./describe-effect.ts";
import { isShippable, standingOf, type VariantStanding } from "./judge-variant.ts";

/** What a verdict rests on. */
export interface VerdictQuestion {
  readonly plan: AnalysisPlan | null;
  readonly started: boolean;
  /** Whether the results are of a cut of the data. */
  readonly exploratory: boolean;
  readonly variants: readonly ReportedVariant[];
  readonly trust: readonly TrustCheck[];
  readonly metrics: readonly MetricResult[];
  /** Whether the plan is over for all of its primary metrics. */
  readonly ended: boolean;
  readonly daysLeft: number | null;
}

/**
 * The verdict: trust first, then harm, then success. A variant ships when a primary metric is better after correction, none is worse, and
 * every guardrail is shown to hold (Schultzberg, Ankargren & Frånberg 2024, arXiv 2402.11609).
 */
export function verdictOf(question: VerdictQuestion): Verdict {
  const { daysLeft, metrics, plan, started, trust, variants } = question;
  if (plan === null) return NO_PLAN;
  if (!started) return { ...NOT_STARTED, daysLeft };
  const red = trust.filter(({ light }) => light === "red");
  const [failure] = red;
  if (failure !== undefined) {
    return {
      verdict: "untrustworthy",
      sentence: `Do not use these results: ${lowerFirst(failure.message)}`,
      reasons: red.map(({ message }) => message),
      wouldChange: "Find and mend the cause, and start again; the numbers so far cannot be repaired.",
      variantId: null,
      daysLeft,
    };
  }
  if (question.exploratory) return { ...EXPLORATORY, daysLeft };
  const treatments = variants.filter(({ isControl }) => !isControl);
  const standings = treatments.map(({ id }) => standingOf(metrics, id));
  if (isEarly(metrics)) return collecting(question, plan);
  const winner = standings
    .filter(isShippable)
    .toSorted((one, other) => (other.lift ?? -Infinity) - (one.lift ?? -Infinity))[0];
  if (winner !== undefined) return ship(winner, question);
  const harmful = standings.filter(({ broken, worse }) => broken.length + worse.length > 0);
  if (harmful.length === standings.length && harmful[0] !== undefined) return doNotShip(harmful[0], question);
  return undecided(standings, question);
}

const NO_PLAN: Verdict = {
  verdict: "no_plan",
  sentence: "There is no analysis plan, so nothing is concluded.",
  reasons: ["Without a plan it is not said which metric decides, with which error, and when."],
  wouldChange: "A plan, made before the next experiment starts.",
  variantId: null,
  daysLeft: null,
};

const NOT_STARTED: Verdict = {
  verdict: "not_started",
  sentence: "The experiment has not started.",
  reasons: [],
  wouldChange: "Its start.",
  variantId: null,
  daysLeft: null,
};

const EXPLORATORY: Verdict = {
  verdict: "exploratory",
  sentence: "This is a cut of the data: it can raise a question, and the plan's analysis answers it.",
  reasons: ["Intervals of a cut hold for one look at one cut."],
  wouldChange: "The whole data, by the plan.",
  variantId: null,
  daysLeft: null,
};

/** Whether no primary metric may be inferred from. */
function isEarly(metrics: readonly MetricResult[]): boolean {
  return metrics
    .filter(({ role }) => role === "primary")
    .every(({ variants }) =>
      variants.every(
        ({ effect }) => effect === null || effect.status === "below_minimum" || effect.status === "no_data",
      ),
    );
}

function collecting({ daysLeft, metrics }: VerdictQuestion, plan: AnalysisPlan): Verdict {
  const smallest = Math.min(
    ...metrics.filter(({ role }) => role === "primary").flatMap(({ variants }) => variants.map(({ n }) => n)),
  );
  const count = Number.isFinite(smallest) ? smallest : 0;
  return {
    verdict: "collecting",
    sentence: `It is too early to say anything: the smallest variant has ${count} of ${plan.minimumSubjects} subjects whose window is over.`,
    reasons: [`Nothing is inferred before the plan's minimum of ${plan.minimumSubjects} subjects per variant.`],
    wouldChange: "More subjects, and the end of their windows.",
    variantId: null,
    daysLeft,
  };
}

function ship(standing: VariantStanding, question: VerdictQuestion): Verdict {
  const name = nameOf(standing, question);
  const [best] = standing.better;
  const guardrails = question.metrics.filter(({ role }) => role === "guardrail").length;
  const held =
    guardrails === 0 ? "" : `, and ${guardrails === 1 ? "the guardrail holds" : `all ${guardrails} guardrails hold`}`;
  return {
    verdict: "ship",
    sentence: `Ship ${name}: ${best === undefined ? "" : describeEffect(best)}${held}.`,
    reasons: standing.better.map(describeEffect),
    wouldChange: question.ended
      ? null
      : "Nothing that is still to come: the boundary is crossed. The estimate gets narrower.",
    variantId: standing.variantId,
    daysLeft: question.daysLeft,
  };
}

function doNotShip(standing: VariantStanding, question: VerdictQuestion): Verdict {
  const name = nameOf(standing, question);
  const reasons = [...standing.broken.map(describeHarm), ...standing.worse.map(describeEffect)];
  return {
    verdict: "do_not_ship",
    sentence: `Do not ship ${name}: ${reasons[0] ?? "it does harm"}.`,
    reasons,
    wouldChange: null,
    variantId: standing.variantId,
    daysLeft: question.daysLeft,
  };
}

function undecided(standings: readonly VariantStanding[], question: VerdictQuestion): Verdict {
  const { daysLeft, ended, metrics, plan } = question;
  const promising = standings.find(
    ({ better, broken, worse }) => better.length > 0 && broken.length + worse.length === 0,
  );
  const reasons = [
    ...standings.flatMap(({ better }) => better.map(describeEffect)),
    ...standings.flatMap(({ open }) => open.map(describeOpen)),
    ...describeDetectable(metrics),
  ];
  if (promising !== undefined) {
    const open = promising.open.map(({ result }) => result.metric.name).join(", ");
    return {
      verdict: ended ? "no_effect_found" : "running",
      sentence: `${capitalised(nameOf(promising, question))} is better, but it is not shown that ${open} ${promising.open.length === 1 ? "holds" : "hold"}.`,
      reasons,
      wouldChange: ended ? "A larger experiment, or a wider margin that is agreed on before it." : "More subjects.",
      variantId: promising.variantId,
      daysLeft,
    };
  }
  if (ended) {
    return {
      verdict: "no_effect_found",
      sentence: "No effect was found that the plan counts as one.",
      reasons,
      wouldChange: "A new experiment with more subjects, or with a larger change.",
      variantId: null,
      daysLeft,
    };
  }
  const wait = daysLeft === null ? "Go on" : `Go on for ${daysLeft} more ${daysLeft === 1 ? "day" : "days"}`;
  const why = plan?.looking === "fixed" ? "the plan looks once, at its end" : "nothing has crossed its boundary yet";
  return {
    verdict: "running",
    sentence: `${wait}: ${why}.`,
    reasons,
    wouldChange: "An effect that crosses its boundary, or the end of the plan.",
    variantId: null,
    daysLeft,
  };
}

function nameOf({ variantId }: VariantStanding, { variants }: VerdictQuestion): string {
  return variants.find(({ id }) => id === variantId)?.name ?? variantId;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
