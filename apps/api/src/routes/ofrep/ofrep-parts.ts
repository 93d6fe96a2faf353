import type { Decider, EnvironmentDirectory, FollowedSnapshots } from "@lotty/decisions";

/** What the OpenFeature remote evaluation protocol is served with. */
export interface OfrepParts {
  readonly decider: Decider;
  readonly snapshots: FollowedSnapshots;
  readonly environments: Pick<EnvironmentDirectory, "keyOf">;
}
