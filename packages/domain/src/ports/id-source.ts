import type { Instant } from "../instant.ts";

/** Makes ids. */
export interface IdSource {
  /** A new UUIDv7 whose time part is `now`; never the same twice, also when the clock stands still or steps back. */
  next(now: Instant): string;
}
