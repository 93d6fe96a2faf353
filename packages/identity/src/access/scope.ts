/** What an API key may be used for. */
export const SCOPES = [
  /** Asking for decisions. */
  "decide",
  /** Sending events. */
  "events",
  /** Changing things, within the roles of the key. */
  "manage",
  /** Looking things up. */
  "read",
] as const;

/** One of {@link SCOPES}. */
export type Scope = (typeof SCOPES)[number];
