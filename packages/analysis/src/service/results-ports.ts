import type {
  AnalysisPlan,
  AnalysisPlans,
  Clock,
  ConfigurationHistory,
  ControlPlaneStore,
  ExperimentFunnel,
  ExperimentMoments,
  Instant,
  MetricCatalogue,
} from "@lotty/domain";
import type { BoundsQuestion, SequentialBounds } from "../looks/sequential-bounds.ts";
import type { TrustData } from "../trust/trust-data.ts";

/** What results are read from. */
export interface ResultsPorts {
  readonly store: Pick<ControlPlaneStore, "load" | "experimentDetails">;
  readonly plans: AnalysisPlans;
  readonly history: Pick<ConfigurationHistory, "experimentWritings">;
  readonly metrics: MetricCatalogue;
  readonly moments: ExperimentMoments;
  /** `null` where nobody counts the way of subjects: what rests on it is then not known. */
  readonly funnel: ExperimentFunnel | null;
  readonly clock: Clock;
  readonly planHash: (plan: AnalysisPlan) => string;
  readonly boundsOf: (question: BoundsQuestion) => SequentialBounds;
  /** Lets others have their turn: bounds of many looks take some hundredths of a second each. */
  readonly breathe: () => Promise<void>;
  /**
   * Counts what limits and conflict domains kept out of a flag's decisions since an instant; `null` where nobody counts that.
   */
  readonly exclusions:
    | ((question: {
        readonly environmentId: string;
        readonly flagKey: string;
        readonly experimentId: string;
        readonly from: Instant;
        readonly to: Instant;
      }) => Promise<TrustData["exclusions"]>)
    | null;
}

/** Which results are asked for. */
export interface ResultsQuestion {
  readonly environmentId: string;
  readonly experimentId: string;
  /** Only subjects first exposed from this instant on: a cut of the data. */
  readonly from?: Instant;
  /** Only subjects first exposed before this instant: a cut of the data. */
  readonly to?: Instant;
  /** Only these treatments; control is always there. */
  readonly variantIds?: readonly string[];
  /** A name by which all metrics are split, besides those of the plan, by which the primary ones are. */
  readonly segment?: string;
  /** Standard deviation of what is believed of lifts beforehand, > 0: puts beliefs beside the results. */
  readonly priorSd?: number;
}
