import type { Instant } from "../instant.ts";
import type { MomentsQuestion } from "./experiment-moments.ts";

/** How many subjects of a variant came how far. Each count is part of the one before it. */
export interface VariantFunnel {
  readonly variantId: string;
  /** Subjects with an assignment. */
  readonly decided: number;
  /** Of those, subjects with an exposure. */
  readonly exposed: number;
  /** Of those, subjects with an event of the metric within its window. */
  readonly attributed: number;
  /** Of those, subjects that the metric's numbers are made of. */
  readonly counted: number;
}

/** Why something got lost on the way. */
export const LOSS_CAUSES = [
  "not_exposed",
  "several_variants",
  "no_event",
  "awaiting_exposure",
  "before_exposure",
  "after_window",
  "filtered_out",
  "zero_dropped",
  "window_open",
] as const;

/** How many subjects of a variant a cause stopped. */
export interface VariantLoss {
  readonly variantId: string;
  readonly cause: (typeof LOSS_CAUSES)[number];
  readonly subjects: number;
}

/** From decisions to numbers. */
export interface FunnelAnswer {
  readonly variants: readonly VariantFunnel[];
  readonly losses: readonly VariantLoss[];
  readonly watermark: Instant | null;
}

/** One line of the ledger behind a number. */
export interface LedgerLine {
  readonly subjectId: string;
  readonly variantId: string;
  /** `counted`, or why not. */
  readonly outcome: "counted" | (typeof LOSS_CAUSES)[number];
  readonly decisionId: string | null;
  readonly exposureEventId: string | null;
  /** Events of the metric that were looked at, oldest first; at most 100. */
  readonly eventIds: readonly string[];
}

/** A page of the ledger. */
export interface LedgerPage {
  readonly lines: readonly LedgerLine[];
  /** The subject to go on after; `null` after the last. */
  readonly next: string | null;
}

/** Opens numbers into what they are made of. */
export interface ExperimentFunnel {
  /** @throws LottyError `database_unavailable`, `timeout` */
  funnel(question: MomentsQuestion): Promise<FunnelAnswer>;

  /**
   * Lines of one variant, in the order of the subjects' ids.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  ledger(
    question: MomentsQuestion & { readonly variantId: string; readonly after: string | null; readonly limit: number },
  ): Promise<LedgerPage>;

  /** Subjects that were exposed to several variants of the experiment, and those exposed at all. */
  severalVariants(
    environmentId: string,
    experimentId: string,
  ): Promise<{ readonly several: number; readonly exposed: number }>;
}
