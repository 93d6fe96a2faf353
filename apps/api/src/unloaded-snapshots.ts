import type { EnvironmentDirectory, FollowedSnapshots } from "@lotty/decisions";
import { LottyError } from "@lotty/domain";

function refuse(): never {
  throw new LottyError("not_ready", "The service is starting.");
}

/** The configuration while there is none. */
export const UNLOADED_SNAPSHOTS: FollowedSnapshots = {
  current: refuse,
  configuration: refuse,
  refresh: async () => refuse(),
  onChange: () => () => undefined,
};

/** The environments while none is known. */
export const UNLOADED_ENVIRONMENTS: EnvironmentDirectory = {
  idOf: refuse,
  keyOf: refuse,
  refreshEnvironments: async () => refuse(),
};
