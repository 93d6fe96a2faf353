import type { Instant, Role } from "@lotty/domain";

/** A person who may log in. */
export interface User {
  /** Lower-case UUID. */
  readonly id: string;
  /** What the person logs in with; see `userNameFault`. */
  readonly name: string;
  /** At least one, none twice. */
  readonly roles: readonly Role[];
  /** May not log in, and has no sessions. */
  readonly disabled: boolean;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A person with what only logging in needs. */
export interface UserWithPassword extends User {
  /** As `PasswordHasher` writes it. */
  readonly passwordHash: string;
}

/** Longest name of a person. */
export const MAX_USER_NAME_LENGTH = 64;

const USER_NAME = /^[a-z0-9][a-z0-9._@+-]*$/;

/** What is wrong with a person's name. */
export type UserNameFault = "empty" | "too_long" | "not_plain";

/**
 * What is wrong with the name of a person: 1 to 64 of `a` to `z`, digits and `. _ @ + -`, the first a letter or digit. Plain,
 * so that two people cannot have names that look the same.
 */
export function userNameFault(name: string): UserNameFault | undefined {
  if (name === "") return "empty";
  if (name.length > MAX_USER_NAME_LENGTH) return "too_long";
  return USER_NAME.test(name) ? undefined : "not_plain";
}

/** The form in which names are stored and compared. */
export function foldUserName(name: string): string {
  return name.trim().toLowerCase();
}
