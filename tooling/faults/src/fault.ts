import type { Inspect, LoadClient } from "./client/load-client.ts";
import type { JobMaker } from "./client/job.ts";
import type { RequestEvent, Span } from "./client/timeline.ts";
import type { SeededRandom } from "./seeded-random.ts";
import type { LottyProcess } from "./stage/lotty-process.ts";
import type { Stage } from "./stage/stage.ts";
import type { StageOptions } from "./stage/stage-options.ts";
import type { ClosableTables, DecisionCounts } from "./verdict/count-decisions.ts";
import type { Figure } from "./verdict/figure.ts";

/** One way of breaking things, and what must come of it. */
export interface Fault {
  /** Its row in the table of docs/reliability.md; 0 for a run in which nothing breaks. */
  readonly row: number;
  /** As it is asked for on the command line. */
  readonly name: string;
  /** What happens, for people. */
  readonly title: string;
  readonly stage?: StageOptions;
  readonly load?: LoadPlan;
  /** Whether it is one of the quick selection. */
  readonly quick?: boolean;
  /** Breaks it. Returns when the breaking is over; what lasts is taken back by {@link Fault.heal}. */
  inject(scene: Scene): Promise<void>;
  /** Mends it. The recovery is measured from its end. */
  heal?(scene: Scene): Promise<void>;
  /** Watches the recovery, right after it was mended and while the client goes on. */
  watch?(scene: Scene): Promise<void>;
  /** Looks at what is left, after everything has drained and before anything is ended. */
  afterwards?(scene: Scene): Promise<void>;
  /** Where the decisions are in the end, if not in the Postgres of the stage. The caller closes it. */
  store?(scene: Scene): Promise<ClosableTables>;
  /** What the tables show where the fault is about something other than decisions. Default: the decisions. */
  counts?(outcome: Outcome): ShownCounts;
  /** What has to hold besides what always has to: see {@link standardFigures}. */
  figures?(outcome: Outcome): readonly Figure[];
  /** Acknowledged as committed and allowed to be lost, because the database lost it. Default: none. */
  committedLoss?(outcome: Outcome): number;
  /** Acknowledged as queued and allowed to be lost, because Redis lost it. Default: none. */
  queuedLoss?(outcome: Outcome): number;
}

/** What was acknowledged, and what became of it. */
export type ShownCounts = Pick<DecisionCounts, "acknowledged" | "rows" | "missing" | "duplicates">;

/** How much is asked for. What is left out is modest. */
export interface LoadPlan {
  readonly connections?: number;
  /** `null`: as much as gets answered. */
  readonly perSecond?: number | null;
  /** How long whoever was refused waits before asking again. */
  readonly retryPauseMillis?: number;
  readonly jobs?: (seed: number) => JobMaker;
  /** Looks at every answer. */
  readonly inspect?: Inspect;
  /** Whether the client asks only as long as it takes to get the decisions that the command line wants. */
  readonly counted?: boolean;
  /** No client: the fault asks by itself, or lets callers come when it wants them. */
  readonly none?: boolean;
  /** Names of the APIs that are asked. Default: all. */
  readonly targets?: readonly string[];
}

/** What a fault acts on. The functions need no owner: take what is wanted by name. */
export interface Scene extends Omit<Stage, "strike"> {
  readonly load: LoadClient;
  readonly random: SeededRandom;
  /** Whether it has to be short. */
  readonly quick: boolean;
  /** Tells the person at the terminal. */
  readonly say: (line: string) => void;
  /** From now on the service has what it needs to recover. Done by the runner when `heal` ends. */
  readonly mark: () => void;
  /** It is about to be broken again: what fails from now on is not for want of recovery. */
  readonly breakAgain: () => void;
  /** Keeps a figure for the verdict and the report. */
  readonly measure: (name: string, value: number) => void;
  /** Waits, and is cut short when the run is interrupted. */
  readonly pause: (millis: number) => Promise<void>;
  /** Waits until something holds. Throws an error that names it when it does not in time, by default a minute. */
  readonly until: (what: string, holds: () => Promise<boolean> | boolean, withinMillis?: number) => Promise<void>;
  /** A counter of some processes, all their lives, as of now. */
  readonly counted: (members: readonly LottyProcess[], counter: string) => Promise<number>;
}

/** What came of a fault. */
export interface Outcome {
  readonly counts: DecisionCounts;
  readonly events: readonly RequestEvent[];
  readonly errorsPercent: number;
  readonly failures: Readonly<Record<string, number>>;
  /** `null` when the service was not well again in time. */
  readonly recoverySeconds: number | null;
  /** From the end of the load until nothing waited any more; `null` when that did not happen in time. */
  readonly drainSeconds: number | null;
  readonly before: Span;
  readonly during: Span;
  readonly after: Span;
  readonly measures: ReadonlyMap<string, number>;
  /** Processes that ended though nobody had asked them to. */
  readonly surprises: readonly string[];
  readonly quick: boolean;
}
