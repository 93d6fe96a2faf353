import { readFileSync } from "node:fs";

/** User and group ids for a child process. */
export interface ChildUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user to run Postgres as: `undefined` (ourselves) unless we are root, as whom Postgres refuses to run; then
 * `postgres` if the machine has that account, else `nobody`.
 */
export function unprivilegedUser(): ChildUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const fields = accounts.find((line) => line.startsWith(`${name}:`))?.split(":");
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error("Postgres does not run as root, and this machine has neither a postgres nor a nobody account.");
}
