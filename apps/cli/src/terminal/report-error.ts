import { type ErrorCode, isLottyError } from "@lotty/domain";
import { paintFor } from "./paint.ts";
import { say, type Terminal } from "./terminal.ts";
import { visibleText } from "./visible-text.ts";

const ADVICE: Readonly<Partial<Record<ErrorCode, string>>> = {
  data_directory_in_use:
    "Only one process at a time works on an embedded database. If it is the server, ask it instead with " +
    "--url http://127.0.0.1:8080 (decide, explain), or stop it first.",
  unauthenticated: "Show a key of this API: LOTTY_KEY, or --key.",
  forbidden: "`lotty key list` on the database shows what a key may do; `lotty key make` makes another.",
  database_unavailable: "Look at DATABASE_URL and whether the database runs; `lotty doctor` shows what can be reached.",
  schema_mismatch: "Run `lotty migrate`.",
  revision_conflict:
    "Someone else changed the configuration meanwhile. Run the command again to see what is left to do.",
  decision_store_unavailable: "Nothing was recorded for this subject. Try again, or decide without recording (--peek).",
  decision_stream_unavailable: "Look at REDIS_URL and whether Redis runs; `lotty doctor` shows what can be reached.",
  not_ready: "Try again in a moment, or look at what the server says about itself under /readyz.",
  timeout: "Try again; if it stays slow, look at `lotty doctor`.",
  invalid_configuration: "`lotty doctor` checks all settings.",
  internal: "This is a defect in Lotty. Please report it with the command and this output.",
};

/** Tells a person, or with `json` a program, why a command failed. Goes to the standard error stream. */
export async function reportError(terminal: Terminal, error: unknown, json: boolean): Promise<void> {
  const known = isLottyError(error);
  const code: ErrorCode = known ? error.code : "internal";
  const message = error instanceof Error ? error.message : String(error);
  const own = known ? error.details["advice"] : undefined;
  const advice = typeof own === "string" ? own : ADVICE[code];
  if (json) {
    await say(terminal, JSON.stringify({ error: { code, message, ...(advice && { advice }) } }));
    return;
  }
  const paint = paintFor(terminal.talk);
  await say(terminal, `${paint("bad", "error")} [${code}]: ${visibleText(message)}`);
  if (advice !== undefined) await say(terminal, `  ${advice}`);
  if (!known && error instanceof Error && error.stack !== undefined) await say(terminal, paint("quiet", error.stack));
}
