import type { EventType, EventTypeKeeper, KeptEventTypes } from "@lotty/domain";
import { isRecord } from "./configuration-guards.ts";
import type { FileConfigurationKeeperOptions } from "./file-configuration-keeper.ts";
import { KeptFile } from "./kept-file.ts";

/** Keeps event types in files, one for each environment and database. */
export class FileEventTypeKeeper implements EventTypeKeeper {
  readonly #options: FileConfigurationKeeperOptions;
  readonly #files = new Map<string, KeptFile>();

  constructor(options: FileConfigurationKeeperOptions) {
    this.#options = options;
  }

  keepEventTypes(environmentId: string, { revision, types }: KeptEventTypes): void {
    this.#fileOf(environmentId).keep({ environmentId, revision, types });
  }

  recallEventTypes(environmentId: string): Promise<KeptEventTypes | undefined> {
    return this.#fileOf(environmentId).recall(({ environmentId: of, revision, types }) =>
      of === environmentId && typeof revision === "number" && Array.isArray(types) && types.every(isEventType)
        ? { revision, types }
        : undefined,
    );
  }

  /** Finishes what is being kept. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#files.values(), (file) => file.close()));
  }

  #fileOf(environmentId: string): KeptFile {
    const known = this.#files.get(environmentId);
    if (known !== undefined) return known;
    const file = new KeptFile({
      ...this.#options,
      name: `event-types-${environmentId}`,
      kind: "lotty event types",
      format: 1,
      events: { ignored: "kept_event_types_ignored", notKept: "event_types_not_kept" },
    });
    this.#files.set(environmentId, file);
    return file;
  }
}

function isEventType(value: unknown): value is EventType {
  if (!isRecord(value)) return false;
  const { archivedAt, description, environmentId, key, requiresExposure, schema, updatedAt, version } = value;
  return (
    typeof environmentId === "string" &&
    typeof key === "string" &&
    (description === null || typeof description === "string") &&
    schema !== undefined &&
    typeof requiresExposure === "boolean" &&
    (archivedAt === null || typeof archivedAt === "number") &&
    typeof version === "number" &&
    typeof updatedAt === "number"
  );
}
