import { SeededRandom } from "@lotty/faults/seeded-random";
import { ADMIN_PASSWORD } from "./admin.ts";

/** What a seed decides once for a run. */
export interface ModelSettings {
  /** How decisions are recorded, and events kept. */
  readonly writeMode: "sync" | "async";
  readonly outcomeTtlSeconds: number;
  readonly historyTtlSeconds: number;
  readonly pollSeconds: number;
}

/** The settings that a seed stands for. */
export function settingsOf(seed: number): ModelSettings {
  const random = new SeededRandom(Math.imul(seed + 1, 0x9e3779b1));
  return {
    writeMode: seed % 2 === 0 ? "sync" : "async",
    outcomeTtlSeconds: random.pick([0, 5, 60]),
    historyTtlSeconds: random.pick([0, 3, 30]),
    pollSeconds: random.pick([1, 5]),
  };
}

/** The settings as processes take them. */
export function environmentOf(settings: ModelSettings): NodeJS.ProcessEnv {
  return {
    ADMIN_PASSWORD,
    DECISION_RESULT_CACHE_TTL_SECONDS: String(settings.outcomeTtlSeconds),
    HISTORY_CACHE_TTL_SECONDS: String(settings.historyTtlSeconds),
    CONFIGURATION_POLL_SECONDS: String(settings.pollSeconds),
    EVENT_WRITE_MODE: settings.writeMode,
  };
}
