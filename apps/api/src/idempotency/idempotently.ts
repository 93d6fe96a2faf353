import { createHash, createHmac } from "node:crypto";
import { MAX_BODY_BYTES } from "@lotty/contracts";
import {
  type Clock,
  type IdempotencyStore,
  type IdempotentRequest,
  type Instant,
  type KeptAnswer,
  type Logger,
  MICROS_PER_DAY,
  MICROS_PER_MILLI,
} from "@lotty/domain";
import type { Caller } from "@lotty/identity";
import type { Answer } from "../http/answer.ts";
import { problemAnswer, type ProblemDraft } from "../http/problem-answer.ts";
import { holdBody } from "../http/read-body.ts";
import type { AdmittedExchange, RouteHandler } from "../routing/route.ts";
import { idempotencyKeyOf } from "./idempotency-key.ts";

/** What carrying requests out once needs. */
export interface IdempotencyParts {
  /** @throws LottyError `not_ready` while it is not there */
  readonly idempotency: () => IdempotencyStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long an answer is kept. */
const KEPT_MICROS = MICROS_PER_DAY;

/** Longer than any request lasts by default: what has no answer by then never gets one. */
const ABANDONED_MICROS = 60_000 * MICROS_PER_MILLI;

/**
 * Makes a handler carry out once what is sent several times with the same `Idempotency-Key` by the same caller. A repetition
 * is answered as the first request was. Only success is kept: what was refused has changed nothing, so it may be corrected and
 * sent again. Requests without a key are carried out as ever.
 */
export function idempotently(handler: RouteHandler, parts: IdempotencyParts): RouteHandler {
  return async (exchange) => {
    const { caller, request, requestId } = exchange;
    const read = idempotencyKeyOf(request.headers);
    if (!read.ok) return problemAnswer(read.problem, requestId);
    if (read.key === undefined || caller.id === null) return handler(exchange);
    const body = await holdBody(request, MAX_BODY_BYTES);
    // Too large: the handler says so.
    if (body === undefined) return handler(exchange);
    const asked = askedBy(exchange, { key: read.key, body, at: parts.clock.now() });
    const claim = await parts.idempotency().claim(asked, {
      forgotten: asked.at - KEPT_MICROS,
      abandoned: asked.at - ABANDONED_MICROS,
    });
    switch (claim.kind) {
      case "first":
        return carryOut(exchange, { handler, asked, parts });
      case "answered":
        return { ...claim.answer, headers: { ...claim.answer.headers, "idempotent-replayed": "true" } };
      case "in_flight":
        return problemAnswer(IN_FLIGHT, requestId);
      case "other_request":
        return problemAnswer(OTHER_REQUEST, requestId);
    }
  };
}

interface CarryingOut {
  readonly handler: RouteHandler;
  readonly asked: IdempotentRequest;
  readonly parts: IdempotencyParts;
}

async function carryOut(exchange: AdmittedExchange, { asked, handler, parts }: CarryingOut): Promise<Answer> {
  const store = parts.idempotency();
  const settle = async (work: Promise<void>): Promise<void> => {
    // What cannot be written down now is abandoned in a minute; the answer is due all the same.
    await work.catch((error: unknown) => parts.logger.warn("idempotent_request_not_settled", { error }));
  };
  let answer: Answer;
  try {
    answer = await handler(exchange);
  } catch (error) {
    await settle(store.release(asked));
    throw error;
  }
  const succeeded = answer.status >= 200 && answer.status < 300;
  await settle(succeeded ? store.complete(asked, keptOf(answer)) : store.release(asked));
  return answer;
}

interface Asked {
  readonly key: string;
  readonly body: Buffer;
  readonly at: Instant;
}

/** Keyed by the key itself, of which only a digest is kept: nobody can try passwords on the digest of a body. */
function askedBy({ caller, request }: AdmittedExchange, { at, body, key }: Asked): IdempotentRequest {
  const { method = "", url = "" } = request;
  return {
    caller: callerName(caller),
    keyDigest: createHash("sha256").update(key).digest("hex"),
    fingerprint: createHmac("sha256", key).update(`${method} ${url}\n`).update(body).digest("hex"),
    at,
  };
}

function callerName({ id, kind }: Caller): string {
  return `${kind}:${id}`;
}

function keptOf({ body, headers = {}, mediaType, repetition, status }: Answer): KeptAnswer {
  return { status, mediaType, body: repetition ?? body, headers };
}

const IN_FLIGHT: ProblemDraft = {
  code: "request_in_progress",
  detail: "The first request with this Idempotency-Key is being carried out. Try again.",
  headers: { "retry-after": "1" },
};

const OTHER_REQUEST: ProblemDraft = {
  code: "idempotency_key_reused",
  detail: "This Idempotency-Key was used for another request. Use a new one.",
};
