import { setTimeout as wait } from "node:timers/promises";
import type { DecisionResponse, DecisionsResponse, ExplanationResponse } from "@lotty/contracts";
import { ERROR_CODES, type ErrorCode, isLottyError, LottyError, type Subject } from "@lotty/domain";
import { z } from "zod";
import { refuseTooManyFlags } from "./decider-answers.ts";
import type { DecisionSource } from "./decision-source.ts";

/** Longest wait for one answer, in milliseconds. */
const TIMEOUT_MILLIS = 10_000;

/** Waits before a request is sent again, in milliseconds: long enough for a server that restarts. */
const RETRY_MILLIS = [200, 1_000, 3_000] as const;

const problemSchema = z.object({ code: z.string(), detail: z.string().optional(), errors: z.unknown().optional() });

const decisionsSchema: z.ZodType<DecisionsResponse> = z.object({
  decisions: z.array(z.custom<DecisionResponse>(isAnswerOn("flag", "reason"), "is no decision")),
});

const explanationSchema = z.custom<ExplanationResponse>(isAnswerOn("flag", "gates"), "is no explanation");

/**
 * Asks a running API over HTTP.
 *
 * @param base address of the server, such as `http://127.0.0.1:8080`
 * @throws LottyError `invalid_request` when it is no address
 */
export function httpSource(base: string): DecisionSource {
  const root = readAddress(base);
  const server = new Server();
  return {
    description: root.href,
    fingerprint: null,
    concurrency: 32,
    decide: async (flags, subject, record) => {
      refuseTooManyFlags(flags);
      const body = { flags, ...wireSubject(subject), peek: !record };
      return (await server.ask(new URL("v1/decide", root), body, decisionsSchema)).decisions;
    },
    explain: (flag, subject) =>
      server.ask(new URL("v1/explain", root), { flag, ...wireSubject(subject) }, explanationSchema),
    close: () => Promise.resolve(),
  };
}

function readAddress(base: string): URL {
  const url = URL.parse(base.endsWith("/") ? base : `${base}/`);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new LottyError("invalid_request", "--url takes the address of a server, such as http://127.0.0.1:8080");
}

function wireSubject({ id, attributes }: Subject): object {
  return { subject_id: id, attributes };
}

/** Asks again when a server that has answered before is away for a moment. */
class Server {
  #answered = false;

  /** A decision that was answered but got lost on the way may be recorded twice; its assignment is the same. */
  async ask<T>(url: URL, body: object, schema: z.ZodType<T>): Promise<T> {
    for (const millis of RETRY_MILLIS) {
      try {
        const answer = await askOnce(url, body, schema);
        this.#answered = true;
        return answer;
      } catch (error) {
        if (!this.#answered || !isLottyError(error) || !error.retryable) throw error;
        await wait(millis);
      }
    }
    return askOnce(url, body, schema);
  }
}

async function askOnce<T>(url: URL, body: object, schema: z.ZodType<T>): Promise<T> {
  const { status, content } = await exchange(url, body);
  if (status !== 200) throw problemError(url, status, content);
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new LottyError("invalid_request", `${url.href} did not answer as Lotty does`, {
    details: { advice: "Is this the address of a Lotty API?" },
  });
}

async function exchange(url: URL, body: object): Promise<{ readonly status: number; readonly content: unknown }> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
      redirect: "error",
    });
    const text = await response.text();
    return { status: response.status, content: jsonOrNothing(text) };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      throw new LottyError("timeout", `${url.origin} took longer than ${TIMEOUT_MILLIS / 1_000} s`, { cause: error });
    }
    throw new LottyError("not_ready", `${url.origin} cannot be reached`, {
      cause: error,
      details: { advice: "Is the server running? `npm start` runs one on http://127.0.0.1:8080." },
    });
  }
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemError(url: URL, status: number, content: unknown): LottyError {
  const problem = problemSchema.safeParse(content);
  if (!problem.success) {
    return new LottyError(
      status >= 500 || status === 429 ? "not_ready" : "invalid_request",
      `${url.href} answered ${status}`,
    );
  }
  const { code, detail, errors } = problem.data;
  const known: ErrorCode = isErrorCode(code) ? code : "invalid_request";
  const faults = errors === undefined ? "" : ` ${JSON.stringify(errors)}`;
  return new LottyError(known, `${detail ?? `the server answered ${code}`}${faults}`, { details: { status } });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

function isAnswerOn(...fields: readonly string[]): (value: unknown) => boolean {
  return (value) => typeof value === "object" && value !== null && fields.every((field) => Object.hasOwn(value, field));
}
