import { setTimeout as wait } from "node:timers/promises";
import type { DecisionResponse, DecisionsResponse, ExplanationResponse } from "@lotty/contracts";
import { isLottyError, type Subject } from "@lotty/domain";
import { z } from "zod";
import { type ApiClient, apiClient, type ApiRequest } from "./api-client.ts";
import { refuseTooManyFlags } from "./decider-answers.ts";
import type { DecisionSource } from "./decision-source.ts";

/** Waits before a request is sent again, in milliseconds: long enough for a server that restarts. */
const RETRY_MILLIS = [200, 1_000, 3_000] as const;

const decisionsSchema: z.ZodType<DecisionsResponse> = z.object({
  decisions: z.array(z.custom<DecisionResponse>(isAnswerOn("flag", "reason"), "is no decision")),
});

const explanationSchema = z.custom<ExplanationResponse>(isAnswerOn("flag", "gates"), "is no explanation");

/**
 * Asks a running API over HTTP.
 *
 * @param base address of the server, such as `http://127.0.0.1:8080`
 * @param key API key to show; none when absent
 * @param environment key of the environment; that of the API key, or production, when absent
 * @throws LottyError `invalid_request` when it is no address
 */
export function httpSource(base: string, key?: string, environment?: string): DecisionSource {
  const client = apiClient(base, key, environment);
  const server = new Server(client);
  return {
    description: client.address,
    fingerprint: null,
    concurrency: 32,
    decide: async (flags, subject, record) => {
      refuseTooManyFlags(flags);
      const body = { flags, ...wireSubject(subject), peek: !record };
      return (await server.ask({ method: "POST", path: "v1/decide", body, schema: decisionsSchema })).decisions;
    },
    explain: (flag, subject) => {
      const body = { flag, ...wireSubject(subject) };
      return server.ask({ method: "POST", path: "v1/explain", body, schema: explanationSchema });
    },
    close: () => Promise.resolve(),
  };
}

function wireSubject({ id, attributes }: Subject): object {
  return { subject_id: id, attributes };
}

/** Asks again when a server that has answered before is away for a moment. */
class Server {
  readonly #client: ApiClient;
  #answered = false;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** A decision that was answered but got lost on the way may be recorded twice; its assignment is the same. */
  async ask<T>(request: ApiRequest<T>): Promise<T> {
    for (const millis of RETRY_MILLIS) {
      try {
        const answer = await this.#client.ask(request);
        this.#answered = true;
        return answer;
      } catch (error) {
        if (!this.#answered || !isLottyError(error) || !error.retryable) throw error;
        await wait(millis);
      }
    }
    return this.#client.ask(request);
  }
}

function isAnswerOn(...fields: readonly string[]): (value: unknown) => boolean {
  return (value) => typeof value === "object" && value !== null && fields.every((field) => Object.hasOwn(value, field));
}
