import type { AccessConfig, Config } from "@lotty/config";
import { auditLinker } from "@lotty/control-plane";
import { type ChangeNotices, type Clock, type IdSource, type Logger, type Timer } from "@lotty/domain";
import {
  type AttemptLimit,
  type FirstAdmin,
  type IdentityStore,
  KeyRing,
  KeyService,
  makeFirstAdmin,
  PasswordHasher,
  PeopleService,
  SessionService,
} from "@lotty/identity";
import { attemptLimit } from "./attempt-limits.ts";

/** What the API knows of people and keys. */
export interface ApiIdentity {
  readonly people: PeopleService;
  readonly keys: KeyService;
  readonly sessions: SessionService;
  readonly ring: KeyRing;
  /** The admin that this process has made at its start, if it has. */
  readonly firstAdmin: FirstAdmin | undefined;
  /**
   * Makes the first admin where there is nobody, and loads the keys. Needs the schema; may be called again after a failure.
   *
   * @throws LottyError `database_unavailable`
   */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/** What it is made of. */
export interface ApiIdentityOptions {
  readonly config: Config;
  readonly store: IdentityStore;
  readonly notices: ChangeNotices;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly hasher?: PasswordHasher;
  /** Bounds wrong passwords; in the memory of this process when absent. */
  readonly limit?: AttemptLimit;
}

/** Puts the services together on a store. */
export function createApiIdentity(options: ApiIdentityOptions): ApiIdentity {
  const {
    clock,
    config,
    hasher = new PasswordHasher(),
    ids,
    limit = attemptLimit(),
    logger,
    notices,
    store,
    timer,
  } = options;
  const ring = new KeyRing({
    store,
    notices,
    clock,
    timer,
    logger,
    pollMillis: config.configurationPollSeconds * 1_000,
  });
  const audit = auditLinker(ids);
  let firstAdmin: FirstAdmin | undefined;
  return {
    people: new PeopleService({ store, hasher, clock, ids, audit }),
    keys: new KeyService({ store, clock, ids, audit }),
    sessions: new SessionService({
      store,
      hasher,
      limit,
      clock,
      logger,
      times: sessionTimes(config.access),
    }),
    ring,
    get firstAdmin() {
      return firstAdmin;
    },
    async prepare() {
      const password = config.access.adminPassword?.reveal() ?? null;
      firstAdmin ??= await makeFirstAdmin({ store, hasher, clock, ids, audit, password });
      await ring.start();
    },
    close: () => ring.stop(),
  };
}

function sessionTimes({ sessionIdleMillis, sessionMaxMillis }: AccessConfig): {
  readonly idleMillis: number;
  readonly maxMillis: number;
} {
  return { idleMillis: sessionIdleMillis, maxMillis: sessionMaxMillis };
}
