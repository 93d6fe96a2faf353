import type { ApproverGroup, ControlChange, ExperimentDetails, FlagDetails, RampPlan } from "@lotty/domain";
import { NOTHING_MEASURED, type StoredMeasures } from "./measured/stored-measures.ts";
import { NOBODY_TOLD, type StoredNotifications } from "./told/notification-rule-definition.ts";

/** What people say about the things of a configuration, how experiments are judged, and who is told; no decision depends on it. */
export interface Said {
  readonly flags: readonly FlagDetails[];
  readonly experiments: readonly ExperimentDetails[];
  readonly approverGroups: readonly ApproverGroup[];
  /** Names of people by their ids: files name people, stores have their ids. */
  readonly people: ReadonlyMap<string, string>;
  readonly measures: StoredMeasures;
  readonly notifications: StoredNotifications;
}

/** Nothing was ever said. */
export const NOTHING_SAID: Said = {
  flags: [],
  experiments: [],
  approverGroups: [],
  people: new Map(),
  measures: NOTHING_MEASURED,
  notifications: NOBODY_TOLD,
};

/** What changes of what people say. */
export type SaidChange = Pick<
  ControlChange,
  | "putFlagDetails"
  | "putExperimentDetails"
  | "putApproverGroups"
  | "removeApproverGroupIds"
  | "putEventTypes"
  | "putMetrics"
  | "putAnalysisPlans"
  | "guardrails"
  | "notifications"
>;

/** Everything said, to be found by the id of what it is about. */
export interface SaidById {
  readonly flags: ReadonlyMap<string, FlagDetails>;
  readonly experiments: ReadonlyMap<string, ExperimentDetails>;
  /** By the experiment's id. */
  readonly ramps: ReadonlyMap<string, RampPlan>;
}

/** Collects what was said by the id of what it is about. */
export function saidById({ experiments, flags, measures }: Said): SaidById {
  return {
    flags: new Map(flags.map((details) => [details.flagId, details])),
    experiments: new Map(experiments.map((details) => [details.experimentId, details])),
    ramps: new Map(measures.ramps.map((ramp) => [ramp.experimentId, ramp])),
  };
}
