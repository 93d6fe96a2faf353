import type { Decider, FollowedSnapshots } from "@lotty/decisions";

/** What the OpenFeature remote evaluation protocol is served with. */
export interface OfrepParts {
  readonly decider: Decider;
  readonly snapshots: FollowedSnapshots;
}
