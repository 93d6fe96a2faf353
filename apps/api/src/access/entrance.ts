import { isLoopback, type Config } from "@lotty/config";
import { type Clock, type IdSource, LottyError, type Logger } from "@lotty/domain";
import type { AttemptLimit, FirstAdmin } from "@lotty/identity";
import { type Runtime, systemTimer } from "@lotty/runtime";
import { ApiAuthenticator } from "./api-authenticator.ts";
import { type ApiIdentity, createApiIdentity } from "./api-identity.ts";
import { attemptLimit } from "./attempt-limits.ts";
import type { Authenticator } from "./authenticator.ts";
import { type ClientAddress, clientAddress } from "./client-address.ts";
import { type CounterStore, redisLimiters } from "./limiters.ts";
import { RateLimits } from "./rate-limits.ts";
import { SessionCookie } from "./session-cookie.ts";
import { StandingCallers } from "./standing-callers.ts";

/** What routes need to know who calls. */
export interface EntranceParts {
  readonly authenticator: Authenticator;
  /** @throws LottyError `not_ready` before the database has been open once */
  readonly identity: () => ApiIdentity;
  readonly cookie: SessionCookie;
  readonly clientAddress: ClientAddress;
  readonly standingCallers: StandingCallers;
  readonly rateLimits: RateLimits;
}

/** The way into the API. It is there before the database is, and tells those who need it to come back. */
export interface Entrance {
  readonly parts: EntranceParts;
  /** The admin that this process has made, if it has. */
  readonly firstAdmin: FirstAdmin | undefined;
  /**
   * Begins to know people and keys. Needs the schema; may be called again after a failure.
   *
   * @throws LottyError `database_unavailable`
   */
  open(storage: Runtime["storage"], ports: { readonly clock: Clock; readonly ids: IdSource }): Promise<void>;
  /** Counts wrong passwords for all processes together from now on, and requests as well if the settings say so. */
  countIn(store: CounterStore): void;
  close(): Promise<void>;
}

/** Nobody is known yet. */
export function noIdentity(): never {
  throw new LottyError("not_ready", "The service is starting.");
}

/** Makes the way in that a configuration asks for. */
export function openEntrance(config: Config, logger: Logger): Entrance {
  const { access, api } = config;
  let known: ApiIdentity | undefined;
  const identity = (): ApiIdentity => known ?? noIdentity();
  // Behind a proxy, and on any address that others can reach, browsers come by TLS; without it the cookie would be anybody's.
  const cookie = new SessionCookie(!isLoopback(api.host) || access.trustedProxies.length > 0);
  const standingCallers = new StandingCallers({ identity, cookie, timer: systemTimer, logger });
  const addressOf = clientAddress(access.trustedProxies);
  const rateLimits = new RateLimits({ config: access.rateLimits, clientAddress: addressOf });
  let attempts = attemptLimit();
  const limit: AttemptLimit = {
    begin: (source) => attempts.begin(source),
    succeeded: (source) => attempts.succeeded(source),
  };
  return {
    parts: {
      authenticator: new ApiAuthenticator({ required: access.required, identity, cookie }),
      identity,
      cookie,
      clientAddress: addressOf,
      standingCallers,
      rateLimits,
    },
    get firstAdmin() {
      return known?.firstAdmin;
    },
    async open({ identity: store, notices }, { clock, ids }) {
      known ??= createApiIdentity({ config, store, notices, clock, ids, timer: systemTimer, logger, limit });
      await known.prepare();
    },
    countIn(store) {
      const limiters = redisLimiters(store);
      attempts = attemptLimit(limiters);
      if (access.rateLimits.shared) rateLimits.countIn(limiters);
    },
    async close() {
      standingCallers.stop();
      await known?.close();
    },
  };
}
