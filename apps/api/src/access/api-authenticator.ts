import type { IncomingMessage } from "node:http";
import { type Caller, type KeyRing, LOCAL_CALLER, NOBODY, type SessionService } from "@lotty/identity";
import type { Authenticator, Unidentified } from "./authenticator.ts";
import { unauthenticated } from "./describe-refusal.ts";
import { forgeryIn } from "./forgery.ts";
import { keyClaimOf } from "./key-claim.ts";
import type { SessionCookie } from "./session-cookie.ts";

/** Keys and sessions. */
export interface KnownCallers {
  readonly ring: Pick<KeyRing, "callerOf">;
  readonly sessions: Pick<SessionService, "callerOf">;
}

/** What telling callers apart needs. */
export interface ApiAuthenticatorOptions {
  /** Whether those who show nothing are nobody; otherwise they may decide and look. */
  readonly required: boolean;
  /** @throws LottyError `not_ready` while there is nobody to ask */
  readonly identity: () => KnownCallers;
  readonly cookie: SessionCookie;
}

const WRONG_KEY: Unidentified = {
  kind: "unidentified",
  problem: unauthenticated("The API key is not valid: mistyped, expired or revoked."),
};

const NO_SESSION: Unidentified = {
  kind: "unidentified",
  problem: unauthenticated("The session has ended. Log in again."),
};

/**
 * Tells callers by their key, or by their session. A key or session that is not valid is never taken for no claim at all, also
 * where none is needed: the caller would not notice.
 */
export class ApiAuthenticator implements Authenticator {
  readonly #options: ApiAuthenticatorOptions;
  readonly #stranger: Caller;

  constructor(options: ApiAuthenticatorOptions) {
    this.#options = options;
    this.#stranger = options.required ? NOBODY : LOCAL_CALLER;
  }

  identify(request: IncomingMessage): Caller | Unidentified | Promise<Caller | Unidentified> {
    const { cookie, identity } = this.#options;
    const { headers } = request;
    const claim = keyClaimOf(headers);
    if (claim !== undefined) return identity().ring.callerOf(claim) ?? WRONG_KEY;
    const token = cookie.read(headers.cookie);
    return token === undefined ? this.#stranger : this.#bySession(request, token);
  }

  async #bySession(request: IncomingMessage, token: string): Promise<Caller | Unidentified> {
    const caller = await this.#options.identity().sessions.callerOf(token);
    if (caller === undefined) return NO_SESSION;
    const problem = forgeryIn(request, token);
    return problem === undefined ? caller : { kind: "unidentified", problem };
  }
}
