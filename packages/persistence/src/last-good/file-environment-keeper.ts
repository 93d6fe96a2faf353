import type { Environment, EnvironmentKeeper } from "@lotty/domain";
import { isRecord } from "./configuration-guards.ts";
import type { FileConfigurationKeeperOptions } from "./file-configuration-keeper.ts";
import { KeptFile } from "./kept-file.ts";

/** Keeps which environments there are in a file, one for each database. */
export class FileEnvironmentKeeper implements EnvironmentKeeper {
  readonly #file: KeptFile;

  constructor(options: FileConfigurationKeeperOptions) {
    this.#file = new KeptFile({
      ...options,
      name: "environments",
      kind: "lotty environments",
      format: 1,
      events: { ignored: "kept_environments_ignored", notKept: "environments_not_kept" },
    });
  }

  keepEnvironments(environments: readonly Environment[]): void {
    this.#file.keep({ environments });
  }

  recallEnvironments(): Promise<readonly Environment[] | undefined> {
    return this.#file.recall(({ environments }) =>
      Array.isArray(environments) && environments.every(isEnvironment) ? environments : undefined,
    );
  }

  /** Finishes what is being kept. */
  close(): Promise<void> {
    return this.#file.close();
  }
}

function isEnvironment(value: unknown): value is Environment {
  if (!isRecord(value)) return false;
  const { archivedAt, createdAt, id, key } = value;
  return typeof id === "string" && typeof key === "string" && typeof createdAt === "number" && archivedAt === null;
}
