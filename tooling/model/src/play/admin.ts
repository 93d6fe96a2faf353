import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "@lotty/faults/seeded-random";
import type { EnvironmentKey } from "../world/environments.ts";
import type { Cast } from "./cast.ts";

/** Password of the admin whom the first start makes. */
export const ADMIN_PASSWORD = "four-pelicans-of-brass";

/** Longer than any answer takes. */
const TIMEOUT_MILLIS = 15_000;

/** Pause before something is asked for again, in milliseconds. */
const RETRY_MILLIS = 200;

/** What a process answered. */
export interface AdminAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Something that an admin asks for. */
export interface AdminRequest {
  readonly method: "POST" | "DELETE";
  readonly path: string;
  readonly body?: object;
  readonly environment?: EnvironmentKey;
}

/** An admin with a session, who asks any of the APIs and goes on asking while they are away. */
export class Admin {
  readonly #cast: Cast;
  readonly #random: SeededRandom;
  #credentials: Readonly<Record<string, string>> | undefined;

  constructor(seed: number, cast: Cast) {
    this.#random = new SeededRandom(seed ^ 0x3c6ef372);
    this.#cast = cast;
  }

  /** Asks once; `undefined` when the answer was lost, or promises nothing: then it may have been done or not. */
  async ask({ body, environment, method, path }: AdminRequest): Promise<AdminAnswer | undefined> {
    const member = this.#cast.chooseApi(this.#random);
    this.#credentials ??= await this.#logIn(member.url);
    if (this.#credentials === undefined) return undefined;
    const query = environment === undefined ? "" : `?environment=${environment}`;
    this.#cast.changing(member);
    return send(`${member.url}${path}${query}`, method, { body, headers: this.#credentials });
  }

  /**
   * Asks until it is done.
   *
   * @param alsoDone statuses that say that an earlier try has done it
   * @throws Error when it is refused for good
   */
  async untilDone(request: AdminRequest, alsoDone: readonly number[] = []): Promise<AdminAnswer> {
    for (;;) {
      const answer = await this.ask(request);
      if (answer !== undefined && (answer.status < 400 || alsoDone.includes(answer.status))) return answer;
      if (answer !== undefined) {
        throw new Error(`${request.method} ${request.path}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
      }
      await sleep(RETRY_MILLIS);
    }
  }

  async #logIn(url: string): Promise<Readonly<Record<string, string>> | undefined> {
    let cookie = "";
    const answer = await send(`${url}/v1/session`, "POST", {
      body: { name: "admin", password: ADMIN_PASSWORD },
      headers: {},
      seen: (response) => (cookie = response.headers.get("set-cookie")?.split(";")[0] ?? ""),
    });
    if (answer === undefined) return undefined;
    if (answer.status !== 200) throw new Error(`Nobody lets the admin in: ${JSON.stringify(answer)}`);
    return { cookie, "x-csrf-token": String(answer.body["csrf_token"]) };
  }
}

interface Sending {
  readonly body: object | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly seen?: (response: Response) => void;
}

/** Gives nothing for what promises nothing: broken connections, overload, outages. */
async function send(url: string, method: string, { body, headers, seen }: Sending): Promise<AdminAnswer | undefined> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    seen?.(response);
    const text = await response.text();
    if (response.status >= 500 || response.status === 429) return undefined;
    return { status: response.status, body: JSON.parse(text === "" ? "{}" : text) as Record<string, unknown> };
  } catch {
    return undefined;
  }
}
