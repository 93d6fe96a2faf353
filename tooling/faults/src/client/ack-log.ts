import { open, type FileHandle } from "node:fs/promises";
import type { DurabilityWord } from "./answer.ts";

/** A decision that was acknowledged, as the file keeps it. */
export interface Acknowledgement {
  readonly id: string;
  readonly word: DurabilityWord;
  readonly flag: string;
  readonly subject: string;
}

/**
 * Keeps acknowledgements on disk: whoever hands some in waits until they are synced. Those that come while a sync is under
 * way share the next.
 */
export class AckLog {
  readonly #file: FileHandle;
  #waiting: { text: string; readonly synced: PromiseWithResolvers<void> } | undefined;
  #syncing = false;
  #written = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<AckLog> {
    return new AckLog(await open(path, "wx"));
  }

  /** Acknowledgements that are on disk or on their way. */
  get size(): number {
    return this.#written;
  }

  /** Resolves when they are on disk. */
  append(acknowledgements: readonly Acknowledgement[]): Promise<void> {
    if (acknowledgements.length === 0) return Promise.resolve();
    const text = acknowledgements
      .map(({ id, word, flag, subject }) => `${id}\t${word}\t${flag}\t${subject}\n`)
      .join("");
    this.#written += acknowledgements.length;
    this.#waiting ??= { text: "", synced: Promise.withResolvers() };
    this.#waiting.text += text;
    const { promise } = this.#waiting.synced;
    void this.#sync();
    return promise;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #sync(): Promise<void> {
    if (this.#syncing) return;
    this.#syncing = true;
    for (let batch = this.#waiting; batch !== undefined; batch = this.#waiting) {
      this.#waiting = undefined;
      try {
        await this.#file.appendFile(batch.text);
        await this.#file.datasync();
        batch.synced.resolve();
      } catch (error) {
        batch.synced.reject(error);
      }
    }
    this.#syncing = false;
  }
}

/** Reads what an {@link AckLog} kept. */
export async function readAcknowledgements(path: string): Promise<readonly Acknowledgement[]> {
  const file = await open(path);
  try {
    const acknowledgements: Acknowledgement[] = [];
    for await (const line of file.readLines()) {
      const [id = "", word = "", flag = "", subject = ""] = line.split("\t");
      acknowledgements.push({ id, word: word as DurabilityWord, flag, subject });
    }
    return acknowledgements;
  } finally {
    await file.close();
  }
}
