import type {
  IdempotencyClaim,
  IdempotencyHorizon,
  IdempotencyStore,
  IdempotentRequest,
  KeptAnswer,
} from "@lotty/domain";

interface KnownRequest {
  readonly request: IdempotentRequest;
  readonly answer: KeptAnswer | undefined;
}

/** Remembers requests in memory. */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #known = new Map<string, KnownRequest>();

  claim(request: IdempotentRequest, { abandoned, forgotten }: IdempotencyHorizon): Promise<IdempotencyClaim> {
    for (const [name, { request: earlier }] of this.#known) if (earlier.at <= forgotten) this.#known.delete(name);
    const known = this.#known.get(nameOf(request));
    if (known === undefined || (known.answer === undefined && known.request.at <= abandoned)) {
      this.#known.set(nameOf(request), { request, answer: undefined });
      return Promise.resolve({ kind: "first" });
    }
    if (known.request.fingerprint !== request.fingerprint) return Promise.resolve({ kind: "other_request" });
    const { answer } = known;
    return Promise.resolve(answer === undefined ? { kind: "in_flight" } : { kind: "answered", answer });
  }

  complete(request: IdempotentRequest, answer: KeptAnswer): Promise<void> {
    if (this.#isAttempt(request)) this.#known.set(nameOf(request), { request, answer });
    return Promise.resolve();
  }

  release(request: IdempotentRequest): Promise<void> {
    if (this.#isAttempt(request)) this.#known.delete(nameOf(request));
    return Promise.resolve();
  }

  /** What is kept, as text: for tests of what is not. */
  get contents(): string {
    return JSON.stringify([...this.#known]);
  }

  #isAttempt(request: IdempotentRequest): boolean {
    return this.#known.get(nameOf(request))?.request.at === request.at;
  }
}

function nameOf({ caller, keyDigest }: IdempotentRequest): string {
  return JSON.stringify([caller, keyDigest]);
}
