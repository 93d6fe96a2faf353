export { createDecider, type DeciderOptions } from "./create-decider.ts";
export type { AnsweredDecision, DecideRequest, Decider } from "./decider.ts";
export type { RecordingPorts, WriteMode } from "./recording.ts";
export { SnapshotFollower, type SnapshotFollowerOptions, type SnapshotOrigin } from "./snapshot-follower.ts";
export type { SnapshotSource } from "./snapshot-source.ts";
export { createSpooling, type Spooling, type SpoolingOptions } from "./spooling/create-spooling.ts";
export type { SpoolingHistory } from "./spooling/spooling-history.ts";
export { TransientMap } from "./transient-map.ts";
export type { CircuitState } from "./spooling/store-circuit.ts";
