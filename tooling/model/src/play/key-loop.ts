import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "@lotty/faults/seeded-random";
import { ENVIRONMENTS, type EnvironmentKey } from "../world/environments.ts";
import type { KeyBook, ModelKey } from "../world/key-book.ts";
import type { Admin } from "./admin.ts";

const PAUSE_MILLIS = { least: 200, most: 2_000 };

/** With so many live keys in an environment, one goes before another comes. */
const MOST_LIVE = 4;

/** Makes and revokes keys, as an admin does. */
export class KeyLoop {
  readonly #random: SeededRandom;
  readonly #admin: Admin;
  readonly #keys: KeyBook;

  constructor(seed: number, { admin, keys }: { readonly admin: Admin; readonly keys: KeyBook }) {
    this.#random = new SeededRandom(seed ^ 0x1b873593);
    this.#admin = admin;
    this.#keys = keys;
  }

  /** Goes on until told to stop; what is in hand is finished. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const environment = this.#random.pick(ENVIRONMENTS);
      const live = this.#keys.live(environment);
      const revokes = live.length > 1 && (live.length >= MOST_LIVE || this.#random.next() < 0.4);
      await (revokes ? this.#revoke(this.#random.pick(live)) : this.#make(environment));
      const pause = this.#random.between(PAUSE_MILLIS.least, PAUSE_MILLIS.most);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A key whose answer was lost is known to nobody; then there is one more. */
  async #make(environment: EnvironmentKey): Promise<void> {
    const begunAt = Date.now();
    const { body } = await this.#admin.untilDone({
      method: "POST",
      path: "/v1/keys",
      body: { name: "of the model", type: "server", scopes: ["decide", "events"], environment },
    });
    const { id, key: text } = body;
    if (typeof id !== "string" || typeof text !== "string") throw new Error(`This is no key: ${JSON.stringify(body)}`);
    this.#keys.add({ id, text, environment, made: { begunAt, knownAt: Date.now() }, revoked: null });
  }

  async #revoke(key: ModelKey): Promise<void> {
    const begunAt = Date.now();
    key.revoked = { begunAt, knownAt: Number.POSITIVE_INFINITY };
    await this.#admin.untilDone({ method: "DELETE", path: `/v1/keys/${key.id}` });
    key.revoked = { begunAt, knownAt: Date.now() };
  }
}
