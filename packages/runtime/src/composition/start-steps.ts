import type { FollowedEnvironments } from "@lotty/decisions";
import type { Storage } from "@lotty/persistence";
import type { ClosingList } from "./closing-list.ts";
import { keepPartitions, type KeepPartitionsOptions } from "./keep-partitions.ts";
import { migrateSchema, requireSchema } from "./prepare-schema.ts";
import type { RuntimeOptions } from "./runtime.ts";

/** What starting works with. */
export interface StartParts extends Pick<KeepPartitionsOptions, "clock" | "timer"> {
  readonly storage: Storage;
  readonly snapshots: FollowedEnvironments;
  readonly closing: ClosingList;
}

/** One step of a start. When it fails it is run again, and the steps before it are not. */
export type StartStep = () => Promise<void>;

/** The steps that take a process from an open database to its first decision, in order. */
export function startSteps(parts: StartParts, { logger, prepare, role }: RuntimeOptions): readonly StartStep[] {
  const { clock, closing, snapshots, storage, timer } = parts;
  const owns = role !== "cli" || storage.kind === "pglite";
  const steps: StartStep[] = [() => (owns ? migrateSchema(storage, logger) : requireSchema(storage))];
  if (prepare !== undefined) steps.push(() => prepare(storage));
  if (owns) {
    steps.push(() => {
      const keeping = keepPartitions({ partitions: storage.partitions, clock, timer, logger });
      closing.add(keeping.stop);
      return keeping.first;
    });
  }
  if (role !== "worker") steps.push(() => snapshots.start());
  return steps;
}

/** Runs steps in order. Called again after a failure, it goes on with the step that failed. */
export function resumable(steps: readonly StartStep[]): () => Promise<void> {
  const rest = [...steps];
  return async () => {
    for (let step = rest[0]; step !== undefined; step = rest[0]) {
      await step();
      rest.shift();
    }
  };
}
