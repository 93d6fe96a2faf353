import { setTimeout as sleep } from "node:timers/promises";
import type { LoadClient } from "./client/load-client.ts";
import type { Scene } from "./fault.ts";
import type { RunOptions } from "./run-fault.ts";
import { SeededRandom } from "./seeded-random.ts";
import type { Stage } from "./stage/stage.ts";
import { waitUntil } from "./time-limit.ts";
import type { Respite } from "./verdict/recovery.ts";

/** What a scene keeps besides the stage. */
export interface SceneParts {
  /** The times in which the service has what it needs, in their order. */
  readonly respites: Respite[];
  readonly measures: Map<string, number>;
  readonly options: RunOptions;
}

/** Makes what a fault acts on. */
export function makeScene(stage: Stage, load: LoadClient, { respites, measures, options }: SceneParts): Scene {
  const { quick, say, seed, signal } = options;
  const breakAgain = (): void => {
    const last = respites.at(-1);
    if (last !== undefined) last.to ??= performance.now();
  };
  const pause = (millis: number): Promise<void> => sleep(millis, undefined, { signal });
  return {
    ...stage,
    load,
    random: new SeededRandom(seed),
    quick,
    say,
    pause,
    breakAgain,
    mark: () => {
      breakAgain();
      respites.push({ from: performance.now() });
    },
    measure: (name, value) => measures.set(name, value),
    until: (what, holds, withinMillis = 60_000) => waitUntil(what, holds, { withinMillis, pause }),
    counted: async (members, counter) => {
      await Promise.all(members.map((member) => member.scrape()));
      return members.reduce((sum, member) => sum + member.counted(counter), 0);
    },
  };
}
