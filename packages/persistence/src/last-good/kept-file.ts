import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "@lotty/domain";
import { redactedLocation } from "../redacted-location.ts";
import { isRecord } from "./configuration-guards.ts";
import type { FileConfigurationKeeperOptions } from "./file-configuration-keeper.ts";
import { readIfThere, replaceFile } from "./replace-file.ts";

/** Between two writes: what changes all the time must not keep the disk busy. */
const GAP_MILLIS = 1_000;

/** What a file is about. */
export interface KeptFileOptions extends FileConfigurationKeeperOptions {
  /** First part of its name. */
  readonly name: string;
  /** What it says of itself; whatever says something else is foreign. */
  readonly kind: string;
  /** Changes whenever a reader of the old form would misunderstand the new one. */
  readonly format: number;
  /** Events of the log when it is not used, and when it could not be written. */
  readonly events: { readonly ignored: string; readonly notKept: string };
}

/**
 * Keeps one JSON object in a file of its own for each database, replaced as a whole. The last one is what is kept; of those that
 * follow each other quickly, some never reach the disk. A file that is damaged or foreign is not used.
 */
export class KeptFile {
  readonly #path: string;
  readonly #store: string;
  readonly #options: KeptFileOptions;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  #last: string | undefined;
  #written: string | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: KeptFileOptions) {
    this.#store = redactedLocation(options.url);
    const store = createHash("sha256").update(this.#store).digest("hex").slice(0, 12);
    this.#path = join(options.directory, `${options.name}-${store}.json`);
    this.#options = options;
    this.#logger = options.logger;
  }

  /** Keeps this in place of what was kept before, in the background. Never fails. */
  keep(content: object): void {
    const { format, kind } = this.#options;
    this.#last = `${JSON.stringify({ kind, format, store: this.#store, ...content })}\n`;
    if (this.#writing === undefined && this.#last !== this.#written) this.#writing = this.#writeUntilCurrent();
  }

  /** What the file holds, if `read` takes it; `undefined` when there is nothing that can be trusted. Never rejects. */
  async recall<T>(read: (content: Readonly<Record<string, unknown>>) => T | undefined): Promise<T | undefined> {
    const { events } = this.#options;
    const path = this.#path;
    try {
      const text = await readIfThere(path);
      if (text === undefined) return undefined;
      const content: unknown = JSON.parse(text);
      const kept = isRecord(content) && this.#isOurs(content) ? read(content) : undefined;
      if (kept === undefined) this.#logger.warn(events.ignored, { path, reason: "foreign" });
      return kept;
    } catch (error) {
      this.#logger.warn(events.ignored, { path, reason: "unreadable", error });
      return undefined;
    }
  }

  /** Finishes what is being kept. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#writing;
  }

  #isOurs(content: Readonly<Record<string, unknown>>): boolean {
    const { format, kind } = this.#options;
    return content["kind"] === kind && content["format"] === format && content["store"] === this.#store;
  }

  async #writeUntilCurrent(): Promise<void> {
    for (let text = this.#last; text !== undefined && text !== this.#written; text = this.#last) {
      await this.#write(text);
      if (this.#last === text) break;
      await pause(GAP_MILLIS, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
    }
    // In the same turn in which nothing was due: what comes later starts anew.
    this.#writing = undefined;
  }

  async #write(text: string): Promise<void> {
    try {
      await replaceFile(this.#path, [text]);
      this.#written = text;
    } catch (error) {
      // Tried again when it is kept the next time.
      this.#written = undefined;
      this.#logger.warn(this.#options.events.notKept, { path: this.#path, error });
    }
  }
}
