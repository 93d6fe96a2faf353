import { formatInstant } from "@lotty/domain";
import { type ExperimentReport, isSuspicious } from "./experiment-report.ts";

/** A report for programs. Shares are from 0 to 1. */
export function reportJson(report: ExperimentReport, location: string): object {
  const { experiment, flagKey, from, reasons, spread, to, variants } = report;
  const { standby, versions } = spread;
  return {
    experiment: {
      id: experiment.id,
      key: experiment.key,
      status: experiment.status,
      version: experiment.version,
    },
    flag: flagKey,
    from: formatInstant(from),
    to: formatInstant(to),
    variants: variants.map((variant) => ({
      id: variant.id,
      name: variant.name,
      is_control: variant.isControl,
      subjects: variant.subjects,
      expected_share: variant.expectedShare,
      seen_share: variant.seenShare,
      decisions: variant.decisions,
    })),
    sample_ratio: sampleRatioJson(report),
    subjects_in_several_variants: spread.subjectsInSeveralVariants,
    assigning_versions: versions,
    reasons: Object.fromEntries(reasons.map(({ decisions, reason }) => [reason, decisions])),
    source: {
      location,
      replica: standby !== null,
      behind_seconds: secondsOf(standby?.behindMicros ?? null),
    },
  };
}

/** `null` when there is nothing to compare: no subjects, or fewer than two variants with a weight. */
function sampleRatioJson(report: ExperimentReport): object | null {
  const { sampleRatio } = report;
  const suspicious = isSuspicious(report);
  switch (sampleRatio.status) {
    case "ok":
      return {
        chi_square: sampleRatio.chiSquared,
        degrees_of_freedom: sampleRatio.df,
        p_value: sampleRatio.p,
        suspicious,
      };
    case "unexpected_variant":
      return { chi_square: null, degrees_of_freedom: null, p_value: 0, suspicious };
    case "no_data":
    case "single_arm":
      return null;
  }
}

function secondsOf(micros: number | null): number | null {
  return micros === null ? null : micros / 1_000_000;
}
