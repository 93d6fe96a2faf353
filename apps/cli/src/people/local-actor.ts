import { userInfo } from "node:os";
import { type Actor, ROLES } from "@lotty/domain";

/** What runs a command at the command line, as the record calls the place that a change came from. */
const FROM = "lotty";

/**
 * Whoever works at the command line on a database of their own: they may do anything, because whoever reaches the database can. They go
 * by the name of the operating system's user.
 */
export function localActor(): Actor {
  const name = osUser();
  return { id: `${FROM}:${name}`, name, roles: ROLES, kind: "system", from: FROM };
}

function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that no user has.
    return String(process.getuid?.() ?? "unknown");
  }
}
