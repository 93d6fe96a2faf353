import { Agent, request } from "node:http";
import { readAnswer, type Answer } from "./answer.ts";

/** Longer than any answer may take; what takes longer has failed. */
const TIMEOUT_MILLIS = 15_000;

/** Who asks, and where. */
export interface Asking {
  /** Text of an API key; nobody's when left out. */
  readonly key?: string | undefined;
  /** Key of the environment, as the query names it. */
  readonly environment?: string | undefined;
}

/** A connection that is kept and used for one request after the other, like one of a caller's pool. */
export class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  /** Asks for decisions. Every failure is an answer. */
  ask(url: string, body: string, { environment, key }: Asking = {}): Promise<Answer> {
    const query = environment === undefined ? "" : `?environment=${environment}`;
    return new Promise((resolve) => {
      const sent = request(
        `${url}/v1/decide${query}`,
        {
          agent: this.#agent,
          method: "POST",
          headers: {
            "content-type": "application/json",
            "content-length": Buffer.byteLength(body),
            ...(key !== undefined && { authorization: `Bearer ${key}` }),
          },
          timeout: TIMEOUT_MILLIS,
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => (text += chunk));
          response.on("end", () => resolve(readAnswer(response.statusCode ?? 0, text)));
          response.on("error", (error) => resolve({ ok: false, kind: codeOf(error) }));
        },
      );
      sent.on("timeout", () => sent.destroy(Object.assign(new Error("no answer in time"), { code: "timeout" })));
      sent.on("error", (error) => resolve({ ok: false, kind: codeOf(error) }));
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
