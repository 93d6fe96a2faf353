import type { KeyStore } from "./key-store.ts";
import type { SessionStore } from "./session-store.ts";
import type { UserStore } from "./user-store.ts";

/** Keeps people, their sessions and API keys. */
export interface IdentityStore extends UserStore, SessionStore, KeyStore {}
