import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ConfigurationKeeper, Instant, KeptConfiguration, Logger } from "@lotty/domain";
import { redactedLocation } from "../redacted-location.ts";
import { configurationLines, readConfiguration } from "./configuration-file.ts";
import { readIfThere, replaceFile } from "./replace-file.ts";

/** Where and for which database configurations are kept. */
export interface FileConfigurationKeeperOptions {
  /** Made when there is something to keep. Any number of processes may share it. */
  readonly directory: string;
  /** URL of the database that the configurations come from; what it says besides server and database does not matter. */
  readonly url: string;
  readonly logger: Logger;
}

/** Between two writes: a configuration that changes all the time must not keep the disk busy. */
const GAP_MILLIS = 1_000;

/** How much later a confirmation must be than the one on disk to be worth a write, in microseconds. */
const CONFIRMATION_STEP = 300_000_000;

/**
 * Keeps configurations in files, one for each environment and database. A file is replaced as a whole and only after its
 * successor is on the disk, so that whatever happens in between, there is a good one. Files that are damaged, or that
 * another version or another database has written, are left where they are and not used.
 */
export class FileConfigurationKeeper implements ConfigurationKeeper {
  readonly #directory: string;
  readonly #store: string;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  #last: KeptConfiguration | undefined;
  #written: KeptConfiguration | undefined;
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor({ directory, url, logger }: FileConfigurationKeeperOptions) {
    this.#directory = directory;
    this.#store = redactedLocation(url);
    this.#logger = logger;
  }

  keep(kept: KeptConfiguration): void {
    this.#last = kept;
    this.#write();
  }

  confirm(confirmedAt: Instant): void {
    if (this.#last === undefined) return;
    this.#last = { configuration: this.#last.configuration, confirmedAt };
    this.#write();
  }

  async recall(environmentId: string): Promise<KeptConfiguration | undefined> {
    const path = this.#pathOf(environmentId);
    try {
      const text = await readIfThere(path);
      if (text === undefined) return undefined;
      const read = readConfiguration(text, { environmentId, store: this.#store });
      if (read.ok) return read.kept;
      this.#logger.warn("last_good_configuration_ignored", { path, reason: read.reason });
    } catch (error) {
      this.#logger.warn("last_good_configuration_ignored", { path, reason: "unreadable", error });
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#writing;
  }

  #write(): void {
    if (this.#writing === undefined && this.#due() !== undefined) this.#writing = this.#writeUntilCurrent();
  }

  /** Writes until what is on disk is new enough. */
  async #writeUntilCurrent(): Promise<void> {
    for (let kept = this.#due(); kept !== undefined; kept = this.#due()) {
      await this.#writeQuietly(kept);
      this.#written = kept;
      if (this.#due() !== undefined) await pause(GAP_MILLIS, undefined, this.#pauseOptions()).catch(() => undefined);
    }
    // In the same turn in which nothing was due: what comes later starts anew.
    this.#writing = undefined;
  }

  /** What should be on disk and is not. */
  #due(): KeptConfiguration | undefined {
    const [last, written] = [this.#last, this.#written];
    if (last === undefined || last.configuration !== written?.configuration) return last;
    return last.confirmedAt - written.confirmedAt >= CONFIRMATION_STEP ? last : undefined;
  }

  #pauseOptions(): { readonly signal: AbortSignal; readonly ref: false } {
    return { signal: this.#closing.signal, ref: false };
  }

  async #writeQuietly(kept: KeptConfiguration): Promise<void> {
    const path = this.#pathOf(kept.configuration.environmentId);
    try {
      await replaceFile(path, configurationLines(kept, this.#store));
      this.#failing = false;
    } catch (error) {
      // One line for a disk that stays full or read-only is enough.
      if (!this.#failing) this.#logger.warn("last_good_configuration_not_kept", { path, error });
      this.#failing = true;
    }
  }

  #pathOf(environmentId: string): string {
    const store = createHash("sha256").update(this.#store).digest("hex").slice(0, 12);
    return join(this.#directory, `configuration-${environmentId}-${store}.jsonl`);
  }
}
