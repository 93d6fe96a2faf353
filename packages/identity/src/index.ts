export type { Access, ScopedAccess } from "./access/access.ts";
export { actorOf, type Caller, LOCAL_CALLER, NOBODY, personCaller } from "./access/caller.ts";
export { checkAccess, hasRole, type Refusal } from "./access/check-access.ts";
export { CLIENT_SCOPES, KEY_TYPES, type KeyType } from "./access/key-type.ts";
export { type Scope, SCOPES } from "./access/scope.ts";
export { type ApiKey, MAX_KEY_NAME_LENGTH } from "./keys/api-key.ts";
export { KeyRing, type KeyRingOptions } from "./keys/key-ring.ts";
export {
  type KeyOutcome,
  type KeyRefusal,
  KeyService,
  type KeyServiceOptions,
  type NewKey,
  rolesFor,
} from "./keys/key-service.ts";
export { isKeyText } from "./keys/key-text.ts";
export { OWASP_SCRYPT, PasswordHasher, type ScryptParameters } from "./passwords/password-hasher.ts";
export { type FirstAdmin, type FirstAdminOptions, makeFirstAdmin } from "./people/first-admin.ts";
export {
  type NewUser,
  type OwnPasswordChange,
  type PeopleOutcome,
  type PeopleRefusal,
  PeopleService,
  type PeopleServiceOptions,
} from "./people/people-service.ts";
export {
  foldUserName,
  MAX_USER_NAME_LENGTH,
  type User,
  userNameFault,
  type UserNameFault,
  type UserWithPassword,
} from "./people/user.ts";
export type { AttemptLimit, AttemptSource } from "./ports/attempt-limit.ts";
export type { IdentityStore } from "./ports/identity-store.ts";
export { KEY_NOTICE_ID, type KeyStore, type LiveKeys } from "./ports/key-store.ts";
export type { Session, SessionStore, SessionWithUser } from "./ports/session-store.ts";
export type { UserChange, UserChangeOutcome, UserStore } from "./ports/user-store.ts";
export {
  type LogIn,
  type LogInOutcome,
  SessionService,
  type SessionServiceOptions,
} from "./sessions/session-service.ts";
export type { SessionTimes } from "./sessions/session-times.ts";
export { csrfTokenOf, isCsrfToken, sessionDigest } from "./sessions/session-token.ts";
