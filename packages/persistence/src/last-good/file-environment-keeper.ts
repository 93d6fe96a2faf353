import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Environment, EnvironmentKeeper, Logger } from "@lotty/domain";
import { redactedLocation } from "../redacted-location.ts";
import { isRecord } from "./configuration-guards.ts";
import type { FileConfigurationKeeperOptions } from "./file-configuration-keeper.ts";
import { readIfThere, replaceFile } from "./replace-file.ts";

/** Changes whenever a reader of the old form would misunderstand the new one. */
const FORMAT = 1;

const KIND = "lotty environments";

/** Keeps which environments there are in a file, one for each database. A file that is damaged or foreign is not used. */
export class FileEnvironmentKeeper implements EnvironmentKeeper {
  readonly #path: string;
  readonly #store: string;
  readonly #logger: Logger;
  #text: string | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor({ directory, logger, url }: FileConfigurationKeeperOptions) {
    this.#store = redactedLocation(url);
    const name = createHash("sha256").update(this.#store).digest("hex").slice(0, 12);
    this.#path = join(directory, `environments-${name}.json`);
    this.#logger = logger;
  }

  keepEnvironments(environments: readonly Environment[]): void {
    const text = `${JSON.stringify({ kind: KIND, format: FORMAT, store: this.#store, environments })}\n`;
    if (text === this.#text) return;
    this.#text = text;
    this.#writing = this.#writing.then(() => this.#write(text));
  }

  async recallEnvironments(): Promise<readonly Environment[] | undefined> {
    try {
      const text = await readIfThere(this.#path);
      if (text === undefined) return undefined;
      const kept = this.#environmentsIn(JSON.parse(text));
      if (kept === undefined) this.#logger.warn("kept_environments_ignored", { path: this.#path, reason: "foreign" });
      return kept;
    } catch (error) {
      this.#logger.warn("kept_environments_ignored", { path: this.#path, reason: "unreadable", error });
      return undefined;
    }
  }

  /** Finishes what is being kept. */
  close(): Promise<void> {
    return this.#writing;
  }

  #environmentsIn(kept: unknown): readonly Environment[] | undefined {
    if (!isRecord(kept) || kept["kind"] !== KIND || kept["format"] !== FORMAT) return undefined;
    const { environments, store } = kept;
    return store === this.#store && Array.isArray(environments) && environments.every(isEnvironment)
      ? environments
      : undefined;
  }

  async #write(text: string): Promise<void> {
    try {
      await replaceFile(this.#path, [text]);
    } catch (error) {
      // Tried again with the next look.
      this.#text = undefined;
      this.#logger.warn("environments_not_kept", { path: this.#path, error });
    }
  }
}

function isEnvironment(value: unknown): value is Environment {
  if (!isRecord(value)) return false;
  const { archivedAt, createdAt, id, key } = value;
  return typeof id === "string" && typeof key === "string" && typeof createdAt === "number" && archivedAt === null;
}
