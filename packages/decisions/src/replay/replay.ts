import type { DecisionRecord } from "@lotty/domain";

/**
 * Where a recorded decision and its replay can part, in the order in which they are compared. The first eight are the gates of a
 * decision, whose versions belong to `flag` and `experiment`; then the flag's rules, and the text of the value.
 */
export const REPLAY_GATES = [
  "flag",
  "experiment",
  "targeting",
  "participation",
  "conflict_domains",
  "allocation",
  "variants",
  "variant",
  "flag_rules",
  "value",
] as const;

/** One of {@link REPLAY_GATES}. */
export type ReplayGate = (typeof REPLAY_GATES)[number];

/** What is missing to replay a decision. */
export type ReplayGap =
  /** The subject was erased: who it was is not known any more. */
  | "subject"
  /** What the rules read is not recorded, and was not given. */
  | "attributes"
  /** The configuration of that time was not kept. */
  | "configuration";

/** What is compared: of what was recorded, and of what comes out again. */
export type ReplaySide = Pick<
  DecisionRecord,
  "reason" | "value" | "experimentId" | "variantId" | "ruleId" | "flagVersion" | "experimentVersion"
>;

/** What came of taking a recorded decision again. */
export type Replay =
  | {
      readonly status: "identical";
      /** The revision of the configuration with which it comes out the same. */
      readonly revision: number;
      /** `kept`: it is that of an earlier decision, which the decision cache had kept. */
      readonly basis: "computed" | "kept";
    }
  | {
      readonly status: "differs";
      /** The first gate at which the two part. */
      readonly gate: ReplayGate;
      readonly revision: number;
      readonly recorded: ReplaySide;
      readonly replayed: ReplaySide;
    }
  | {
      readonly status: "not_checkable";
      readonly missing: ReplayGap;
      /** Gates that could be checked all the same, and came out as recorded. */
      readonly checked: readonly ReplayGate[];
    };
