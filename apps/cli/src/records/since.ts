import { type Instant, LottyError } from "@lotty/domain";
import { parseSince } from "../report/time-span.ts";

/**
 * Reads `--since`.
 *
 * @throws LottyError `invalid_request`
 */
export function sinceOf(text: string, now: Instant): Instant {
  const since = parseSince(text, now);
  if (since !== undefined) return since;
  throw new LottyError("invalid_request", `${JSON.stringify(text)} is no time before now`, {
    details: {
      advice: "Use a date, a date and time such as 2026-05-01T12:00:00Z, or how long ago: 90m, 24h, 7d, 2w.",
    },
  });
}
