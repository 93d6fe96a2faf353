export { createDecider, type DeciderOptions } from "./create-decider.ts";
export type { AnsweredDecision, DecideRequest, Decider } from "./decider.ts";
export type { RecordingPorts, WriteMode } from "./recording.ts";
export { SnapshotFollower, type SnapshotFollowerOptions } from "./snapshot-follower.ts";
export type { SnapshotSource } from "./snapshot-source.ts";
