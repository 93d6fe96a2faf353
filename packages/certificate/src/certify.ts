import type { AnalysisPlan, CertificateCheck, Experiment, LaunchCertificate, Metric, PastValue } from "@lotty/domain";
import { checkBalance } from "./check-balance.ts";
import { checkBuckets } from "./check-buckets.ts";
import { checkFalsePositives } from "./check-false-positives.ts";
import { checkIndependence } from "./check-independence.ts";
import { checkSplit } from "./check-split.ts";
import type { Slices } from "./slices.ts";
import { SYNTHETIC_SUBJECTS, syntheticSubject } from "./synthetic-subjects.ts";

/** A planned metric with what it was for subjects in the past. */
export interface MetricPast {
  readonly metric: Metric;
  readonly values: readonly PastValue[];
}

/** What a certificate is about. */
export interface CertificateQuestion {
  readonly experiment: Experiment;
  /** The version at which what is certified last changed. */
  readonly contentVersion: number;
  readonly plan: AnalysisPlan | undefined;
  /** SHA-256 of the plan, lower-case hex; `null` without one. */
  readonly planHash: string | null;
  /** Every other experiment that is running. */
  readonly running: readonly Experiment[];
  /** Ids of subjects on record; may be empty. */
  readonly recorded: readonly string[];
  /** The planned metrics. */
  readonly metrics: readonly MetricPast[];
}

/** Recorded subjects below which nothing is told from them. */
const MIN_RECORDED = 1_000;

/**
 * Works out a launch certificate. Takes seconds of computing: it pauses every few milliseconds for whoever drives it to let
 * others work, and is the same for the same question whenever it is asked.
 */
export function* certify(question: CertificateQuestion): Slices<Omit<LaunchCertificate, "computedAt">> {
  const { contentVersion, experiment, metrics, plan, planHash, recorded, running } = question;
  const synthetic = Array.from({ length: SYNTHETIC_SUBJECTS }, (_, place) => syntheticSubject(place));
  const crowds = [
    { name: "synthetic subjects", ids: synthetic },
    ...(recorded.length < MIN_RECORDED ? [] : [{ name: "recorded subjects", ids: recorded }]),
  ];
  const checks: CertificateCheck[] = [];
  for (const crowd of crowds) {
    checks.push(yield* checkBuckets(experiment, "allocation", crowd));
    checks.push(yield* checkBuckets(experiment, "variant", crowd));
    checks.push(yield* checkSplit(experiment, crowd));
  }
  checks.push(...(yield* checkIndependence(experiment, running, synthetic)));
  for (const past of metrics) {
    checks.push(yield* checkFalsePositives(past, plan?.alpha ?? DEFAULT_ALPHA));
    checks.push(...(yield* checkBalance(experiment, past)));
  }
  if (metrics.length === 0) checks.push(noMetrics());
  return {
    experimentId: experiment.id,
    experimentVersion: experiment.version,
    contentVersion,
    planVersion: plan?.version ?? null,
    planHash,
    verdict: checks.some(({ verdict }) => verdict === "failed") ? "failed" : "passed",
    checks,
  };
}

const DEFAULT_ALPHA = 0.05;

function noMetrics(): CertificateCheck {
  const message = "The experiment plans no metric with a past that could be split.";
  return { kind: "false_positives", about: "metrics", verdict: "skipped", message, numbers: {} };
}
