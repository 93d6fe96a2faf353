import type { AnalysisPlan } from "@lotty/domain";
import {
  confidenceSequenceAt,
  normalQuantile,
  type PValue,
  type SequenceLook,
  tLogSf,
  tSf,
  type TestedComparison,
} from "@lotty/stats";
import type { SequentialBounds } from "./sequential-bounds.ts";

/** One look as judges see it. */
export interface JudgedLook {
  /** From 0. */
  readonly index: number;
  readonly last: boolean;
  /** Subjects of both arms. */
  readonly n: number;
  /** At the plan's alpha. */
  readonly comparison: TestedComparison;
}

/** What a look may conclude. */
export interface LookLevel {
  /**
   * Two-sided level of the test at this look; the p-value of all looks is at most alpha exactly when one look's p-value is at most
   * its level. `null` when the look spends nothing.
   */
  readonly level: number | null;
  /** How large |z| has to be; `null` when no size is enough. */
  readonly boundary: number | null;
}

/** A rule of looking. */
export interface Judge {
  /** What a look may conclude; `null` when nothing. */
  levelOf(look: JudgedLook): LookLevel | null;
  /** The p-value of all looks together. Only of looks that may conclude something. */
  together(looks: readonly JudgedLook[]): PValue;
}

/** What judges need to know. */
export interface JudgeQuestion {
  readonly plan: Pick<AnalysisPlan, "looking" | "alpha">;
  /** Subjects of both arms for which always-valid intervals are to be narrow. */
  readonly tunedFor: number;
  /** Only asked by plans with planned looks. */
  readonly bounds: () => SequentialBounds;
}

/** The judge of a plan's rule of looking. */
export function judgeFor({ bounds, plan: { alpha, looking }, tunedFor }: JudgeQuestion): Judge {
  switch (looking) {
    case "fixed":
      return {
        levelOf: ({ last }) => (last ? { level: alpha, boundary: -normalQuantile(alpha / 2) } : null),
        together: (looks) => smallest(looks.map(({ comparison: { log10P, p } }) => ({ p, log10P }))),
      };
    case "group_sequential":
      return {
        levelOf: ({ index }) => {
          const { nominalP, z } = bounds().at(index);
          return { level: nominalP > 0 ? nominalP : null, boundary: z };
        },
        together: (looks) =>
          bounds().repeated(
            looks.map(({ comparison: { df, t }, index }) => ({
              look: index,
              logP: Math.LN2 + tLogSf(Math.abs(t), df),
            })),
          ),
      };
    case "always_valid": {
      const sequenceAt = ({ comparison: { diff, se }, n }: JudgedLook): SequenceLook =>
        confidenceSequenceAt({ n, estimate: diff, se }, { alpha, tunedFor });
      return {
        levelOf: (look) => {
          const { df, se } = look.comparison;
          const boundary = sequenceAt(look).halfWidth / se;
          // The level at which the t-test of this look has just this interval, so that all that follows from it agrees.
          return { level: 2 * tSf(boundary, df), boundary };
        },
        together: (looks) => smallest(looks.map(sequenceAt)),
      };
    }
  }
}

function smallest(values: readonly PValue[]): PValue {
  return values.reduce((one, other) => (isSmaller(other, one) ? other : one), CERTAIN);
}

const CERTAIN: PValue = { p: 1, log10P: 0 };

/** Whether a p-value is below another, also where both underflow. */
function isSmaller(one: PValue, other: PValue): boolean {
  return (one.log10P ?? -Infinity) < (other.log10P ?? -Infinity);
}
