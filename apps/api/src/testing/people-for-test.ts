import { loadConfig } from "@lotty/config";
import {
  type ChangeNotice,
  type ChangeNotices,
  type Clock,
  DEFAULT_ENVIRONMENT_KEY,
  type Logger,
  type Role,
  systemActor,
} from "@lotty/domain";
import { type KeyType, PasswordHasher, type Scope } from "@lotty/identity";
import { CHEAP_SCRYPT, MemoryIdentityStore } from "@lotty/identity/testing";
import { systemTimer, Uuid7Source } from "@lotty/runtime";
import { ApiAuthenticator } from "../access/api-authenticator.ts";
import { type ApiIdentity, createApiIdentity } from "../access/api-identity.ts";
import { SessionCookie } from "../access/session-cookie.ts";

/** The password of everybody whom {@link openPeople} adds. */
export const PASSWORD = "correct horse battery";

const BY = systemActor("a test");

/** What differs between keys. */
export interface KeyForTest {
  readonly roles?: readonly Role[];
  readonly type?: KeyType;
  /** Key of the environment that it is bound to. */
  readonly environment?: string;
}

/** People and keys in memory, with hashes that cost nothing. */
export interface PeopleForTest {
  readonly identity: ApiIdentity;
  readonly authenticator: ApiAuthenticator;
  /** Adds a person of this name. */
  add(name: string, roles: readonly Role[]): Promise<string>;
  /** Makes a key and gives its text. */
  key(scopes: readonly Scope[], given?: KeyForTest): Promise<string>;
  /** Ids of the environments for which keys can be made, by their keys. */
  readonly environments: Map<string, string>;
}

/** What the test brings. */
export interface PeoplePorts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Opens people and keys, with an admin called `admin`. */
export async function openPeople(
  { clock, logger }: PeoplePorts,
  env: Readonly<Record<string, string>> = {},
): Promise<PeopleForTest> {
  const loaded = loadConfig({ ADMIN_PASSWORD: PASSWORD, ...env });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  const heard = new Set<(notice: ChangeNotice) => void>();
  const notices: ChangeNotices = {
    publish: (notice) => {
      for (const listener of heard) listener(notice);
      return Promise.resolve();
    },
    subscribe: (listener) => {
      heard.add(listener);
      return Promise.resolve(() => Promise.resolve(void heard.delete(listener)));
    },
  };
  const store = new MemoryIdentityStore(notices);
  const identity = createApiIdentity({
    config: loaded.config,
    store,
    notices,
    clock,
    ids: new Uuid7Source(),
    timer: systemTimer,
    logger,
    hasher: new PasswordHasher(CHEAP_SCRYPT),
  });
  await identity.prepare();
  const authenticator = new ApiAuthenticator({
    required: loaded.config.access.required,
    identity: () => identity,
    cookie: new SessionCookie(false),
  });
  return {
    identity,
    authenticator,
    environments: store.environments,
    async add(name, roles) {
      const outcome = await identity.people.add({ name, password: PASSWORD, roles }, BY);
      if (!outcome.ok) throw new Error(outcome.refusal.reason);
      return outcome.user.id;
    },
    async key(scopes, { environment = DEFAULT_ENVIRONMENT_KEY, roles, type = "server" } = {}) {
      const asked = { name: "test", type, scopes, environment, expiresAt: null };
      const outcome = await identity.keys.make({ ...asked, ...(roles !== undefined && { roles }) }, BY);
      if (!outcome.ok) throw new Error(outcome.refusal);
      // The notice makes the ring load; whoever asks again waits for the same.
      await identity.ring.start();
      return outcome.text;
    },
  };
}
