import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type { ConfigurationKeeper, Instant, KeptConfiguration, Logger } from "@lotty/domain";
import { redactedLocation } from "../redacted-location.ts";
import { configurationLines, readConfiguration } from "./configuration-file.ts";

/** Where and for which database configurations are kept. */
export interface FileConfigurationKeeperOptions {
  /** Made when there is something to keep. Any number of processes may share it. */
  readonly directory: string;
  /** URL of the database that the configurations come from; what it says besides server and database does not matter. */
  readonly url: string;
  readonly logger: Logger;
}

/** Items that are turned into text before other work gets its turn: well below a millisecond. */
const ITEMS_PER_TURN = 100;

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
      const text = await readFile(path, "utf8").catch(nothingIfMissing);
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
      await mkdir(this.#directory, { recursive: true });
      await replaceFile(path, configurationLines(kept, this.#store));
      await syncDirectory(this.#directory);
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

/** Puts a file with these lines in the place of another; there is always the old or the new one, whole. */
async function replaceFile(path: string, lines: Iterable<string>): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    // Rules and values of flags are nobody else's business.
    const file = await open(draft, "wx", 0o600);
    try {
      for (const chunk of chunksOf(lines)) {
        await file.appendFile(chunk);
        await nextTurn();
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function* chunksOf(lines: Iterable<string>): Generator<string, void, undefined> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < ITEMS_PER_TURN) continue;
    yield chunk.join("");
    chunk = [];
  }
  yield chunk.join("");
}

/** Makes a rename last through a loss of power; systems that cannot open directories do without. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r").catch(() => undefined);
  if (directory === undefined) return;
  try {
    await directory.sync();
  } catch {
    return;
  } finally {
    await directory.close();
  }
}

function nothingIfMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
