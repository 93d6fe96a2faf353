import { hash, timingSafeEqual } from "node:crypto";
import {
  type ChangeNotice,
  type ChangeNotices,
  type Clock,
  type Instant,
  LottyError,
  type Logger,
  type Timer,
} from "@lotty/domain";
import type { Caller } from "../access/caller.ts";
import { KEY_NOTICE_ID, type KeyStore } from "../ports/key-store.ts";
import type { ApiKey } from "./api-key.ts";
import { KEY_TEXT_LENGTH, prefixOf } from "./key-text.ts";

/** What a ring works with. */
export interface KeyRingOptions {
  readonly store: Pick<KeyStore, "loadLiveKeys" | "keyGeneration" | "noteUse">;
  readonly notices: ChangeNotices;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  /** How often the store is asked for its generation, in case a notice was lost. */
  readonly pollMillis: number;
}

/** How often uses are written down. */
const NOTE_USE_MILLIS = 60_000;

interface HeldKey {
  readonly digest: Buffer;
  readonly caller: Caller;
  /** `Infinity` for never. */
  readonly expiresAt: Instant;
  /** 0 when there is nothing to write down. */
  usedAt: Instant;
}

/**
 * All live keys, in memory: a request with a key costs no look-up, and keys work while the database is away. Notices wake it
 * up, so that a key that is revoked in one process stops working in all of them; a slow poll catches notices that were lost.
 */
export class KeyRing {
  readonly #options: KeyRingOptions;
  readonly #scratch = Buffer.alloc(32);
  readonly #stops: (() => unknown)[] = [];
  #keys: ReadonlyMap<string, HeldKey> = new Map();
  #byId: ReadonlyMap<string, HeldKey> = new Map();
  #generation = -1;
  #announced = -1;
  #listening = false;
  #last: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /**
   * Who has a key; `undefined` for a text that is no live key. Takes 2 µs: the digest is compared in constant time with that
   * of the key with the same prefix, which is no secret.
   *
   * @throws LottyError `not_ready` before the keys were loaded for the first time
   */
  callerOf(text: string): Caller | undefined {
    if (this.#generation < 0) throw new LottyError("not_ready", "The keys are not loaded yet.");
    const held = text.length === KEY_TEXT_LENGTH ? this.#keys.get(prefixOf(text)) : undefined;
    if (held === undefined) return undefined;
    // A buffer for each digest would take as long as the digest.
    this.#scratch.write(hash("sha256", text, "binary"), "binary");
    if (!timingSafeEqual(this.#scratch, held.digest)) return undefined;
    const now = this.#options.clock.now();
    if (now >= held.expiresAt) return undefined;
    held.usedAt = now;
    return held.caller;
  }

  /** Whether a key is neither revoked nor expired, as far as this process knows. Does not count as a use of it. */
  isLive(id: string): boolean {
    const held = this.#byId.get(id);
    return held !== undefined && this.#options.clock.now() < held.expiresAt;
  }

  /**
   * Loads the keys and follows them from then on. May be called again after a failure.
   *
   * @throws LottyError `database_unavailable`
   */
  async start(): Promise<void> {
    if (this.#stops.length === 0) {
      const { pollMillis, timer } = this.#options;
      this.#stops.push(timer.every(pollMillis, () => void this.#catchUp()));
      this.#stops.push(timer.every(NOTE_USE_MILLIS, () => void this.#noteUse()));
    }
    await this.#listen();
    await this.#load();
  }

  /** Stops following, and writes down which keys were used. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) await stop();
    this.#listening = false;
    await this.#noteUse();
  }

  /** Listens, unless it does already. Without notices the poll does; it is only slower. */
  async #listen(): Promise<void> {
    const { logger, notices } = this.#options;
    if (this.#listening) return;
    this.#listening = true;
    try {
      this.#stops.push(await notices.subscribe((notice) => this.#hear(notice)));
    } catch (error) {
      this.#listening = false;
      logger.warn("key_notices_unavailable", { error });
    }
  }

  #hear({ environmentId, revision }: ChangeNotice): void {
    if (environmentId !== KEY_NOTICE_ID) {
      // A notice of something else may stand for some that were lost: the session that tells them was made again.
      void this.#catchUp();
    } else if (revision > this.#announced) {
      this.#announced = revision;
      void this.#loadQuietly();
    }
  }

  async #catchUp(): Promise<void> {
    await this.#listen();
    try {
      if ((await this.#options.store.keyGeneration()) !== this.#generation) await this.#load();
    } catch (error) {
      this.#options.logger.debug("keys_not_checked", { error });
    }
  }

  async #loadQuietly(): Promise<void> {
    try {
      await this.#load();
    } catch (error) {
      this.#options.logger.warn("keys_not_loaded", { error });
    }
  }

  /** Whoever asks while the keys are being loaded needs a look that begins after the question; all of them share it. */
  #load(): Promise<void> {
    this.#queued ??= this.#last.then(() => {
      this.#queued = undefined;
      const load = this.#loadNow();
      this.#last = load.catch(() => undefined);
      return load;
    });
    return this.#queued;
  }

  async #loadNow(): Promise<void> {
    const { generation, keys } = await this.#options.store.loadLiveKeys();
    this.#keys = this.#hold(keys);
    this.#byId = new Map([...this.#keys.values()].map((held) => [held.caller.id ?? "", held]));
    this.#generation = generation;
  }

  #hold(keys: readonly ApiKey[]): ReadonlyMap<string, HeldKey> {
    return new Map(
      keys.map((key) => {
        const usedAt = this.#keys.get(key.prefix)?.usedAt ?? 0;
        return [
          key.prefix,
          { digest: key.digest, caller: callerWith(key), expiresAt: key.expiresAt ?? Infinity, usedAt },
        ];
      }),
    );
  }

  async #noteUse(): Promise<void> {
    const used = [...this.#keys.values()].filter(({ usedAt }) => usedAt > 0);
    const uses = new Map(used.map(({ caller, usedAt }) => [caller.id ?? "", usedAt]));
    if (uses.size === 0) return;
    for (const held of used) held.usedAt = 0;
    try {
      await this.#options.store.noteUse(uses);
    } catch (error) {
      // What is lost is only when a key was last used.
      this.#options.logger.debug("key_use_not_noted", { error });
    }
  }
}

function callerWith({ environmentId, id, name, roles, scopes, type }: ApiKey): Caller {
  return { kind: "key", id, name, roles, scopes, keyType: type, environmentId };
}
