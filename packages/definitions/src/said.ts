import type { ApproverGroup, ControlChange, ExperimentDetails, FlagDetails } from "@lotty/domain";

/** What people say about the things of a configuration, and no decision depends on. */
export interface Said {
  readonly flags: readonly FlagDetails[];
  readonly experiments: readonly ExperimentDetails[];
  readonly approverGroups: readonly ApproverGroup[];
  /** Names of people by their ids: files name people, stores have their ids. */
  readonly people: ReadonlyMap<string, string>;
}

/** Nothing was ever said. */
export const NOTHING_SAID: Said = { flags: [], experiments: [], approverGroups: [], people: new Map() };

/** What changes of what people say. */
export type SaidChange = Pick<
  ControlChange,
  "putFlagDetails" | "putExperimentDetails" | "putApproverGroups" | "removeApproverGroupIds"
>;

/** Everything said, to be found by the id of what it is about. */
export interface SaidById {
  readonly flags: ReadonlyMap<string, FlagDetails>;
  readonly experiments: ReadonlyMap<string, ExperimentDetails>;
}

/** Collects what was said by the id of what it is about. */
export function saidById({ experiments, flags }: Said): SaidById {
  return {
    flags: new Map(flags.map((details) => [details.flagId, details])),
    experiments: new Map(experiments.map((details) => [details.experimentId, details])),
  };
}
