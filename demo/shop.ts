import { textIn } from "./person.ts";

/** What one subject gets, and why. */
export interface Got {
  readonly value: string;
  readonly reason: string;
}

/** What some subjects get, by their ids. */
export type AllGot = ReadonlyMap<string, Got>;

/** How long a change may take to be seen, in milliseconds. */
const PATIENCE_MILLIS = 10_000;

const PAUSE_MILLIS = 20;

/** The program that shows the button: it asks which colour each visitor gets. */
export class Shop {
  readonly #url: string;
  readonly #flag: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, flag: string, key: string) {
    this.#url = url;
    this.#flag = flag;
    this.#headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  }

  /** Asks for every visitor, all from one country. */
  async ask(visitors: readonly string[], country: string): Promise<AllGot> {
    const got = new Map<string, Got>();
    for (const visitor of visitors) got.set(visitor, await this.#decide(visitor, country));
    return got;
  }

  /**
   * Asks until what the visitors get is as expected: the server follows changes in the background.
   *
   * @throws Error when it is not after ten seconds
   */
  async until(what: string, asked: () => Promise<AllGot>, isAsExpected: (got: AllGot) => boolean): Promise<AllGot> {
    const end = performance.now() + PATIENCE_MILLIS;
    for (;;) {
      const got = await asked();
      if (isAsExpected(got)) return got;
      if (performance.now() > end) throw new Error(`${what}: visitors get ${describe(got)}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
    }
  }

  /** The status that the API answers the shop with. */
  async status(): Promise<number> {
    return (await this.#post("anybody", "DE")).status;
  }

  async #decide(visitor: string, country: string): Promise<Got> {
    const answer: unknown = await (await this.#post(visitor, country)).json();
    return { value: textIn(answer, "value"), reason: textIn(answer, "reason") || textIn(answer, "code") };
  }

  #post(visitor: string, country: string): Promise<Response> {
    const body = JSON.stringify({ flag: this.#flag, subject_id: visitor, attributes: { country } });
    return fetch(`${this.#url}/v1/decide`, { method: "POST", headers: this.#headers, body });
  }
}

/** How many visitors get what and why, such as `41 green (experiment_assigned), 39 grey (experiment_assigned)`. */
export function describe(got: AllGot): string {
  const counts = new Map<string, number>();
  for (const { reason, value } of got.values()) {
    const text = `${value} (${reason})`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `${count} ${text}`).join(", ");
}
