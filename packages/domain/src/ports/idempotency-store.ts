import type { Instant } from "../instant.ts";

/** A request that is to be carried out once, however often it is sent. */
export interface IdempotentRequest {
  /** Who sends it: keys of different callers have nothing to do with each other. */
  readonly caller: string;
  /** Digest of the key that the caller chose, in hexadecimal. */
  readonly keyDigest: string;
  /** Digest of what is asked for, in hexadecimal. */
  readonly fingerprint: string;
  /** When it is carried out; tells one attempt from a later one. */
  readonly at: Instant;
}

/** An answer as it is kept for repetitions: without secrets. */
export interface KeptAnswer {
  readonly status: number;
  readonly mediaType: string | null;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is known of a request. */
export type IdempotencyClaim =
  /** Nothing: it is to be carried out, and then completed or released. */
  | { readonly kind: "first" }
  /** It is being carried out. */
  | { readonly kind: "in_flight" }
  /** The caller has used the key for something else. */
  | { readonly kind: "other_request" }
  | { readonly kind: "answered"; readonly answer: KeptAnswer };

/** From when on what is known counts. */
export interface IdempotencyHorizon {
  /** What began at this moment or before is forgotten. */
  readonly forgotten: Instant;
  /** What began at this moment or before and has no answer was abandoned: its process has died. */
  readonly abandoned: Instant;
}

/** Remembers requests that are carried out once. All methods throw LottyError `database_unavailable`. */
export interface IdempotencyStore {
  /** Begins a request unless it is known. Of several processes that try at once, one is the first. */
  claim(request: IdempotentRequest, horizon: IdempotencyHorizon): Promise<IdempotencyClaim>;
  /** Keeps the answer to a request that was claimed, unless another attempt has taken its place. */
  complete(request: IdempotentRequest, answer: KeptAnswer): Promise<void>;
  /** Forgets a request that was claimed and has changed nothing, unless another attempt has taken its place. */
  release(request: IdempotentRequest): Promise<void>;
}
