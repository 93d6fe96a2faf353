import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { Fault, Scene } from "../fault.ts";
import { isOk } from "../client/timeline.ts";
import { writeEmbeddedDefinitions } from "../stage/database.ts";
import type { LottyProcess } from "../stage/lotty-process.ts";
import type { Workshop } from "../stage/stage-options.ts";
import type { ClosableTables } from "../verdict/count-decisions.ts";
import { atLeast, exactly, inTime } from "../verdict/figure.ts";

const CALLERS = 8;
const KILLS = 20;
const QUICK_KILLS = 3;
const NAME = "api-1";

function directoryOf({ folder }: Workshop): string {
  return join(folder, "embedded");
}

function apiOf({ api }: Scene): LottyProcess {
  const found = api.find(({ name }) => name === NAME);
  if (found === undefined) throw new Error(`There is no ${NAME}.`);
  return found;
}

/** Opens what the API has left. */
async function openTables(directory: string): Promise<ClosableTables> {
  const database = await PGlite.create({ dataDir: join(directory, "postgres") });
  return {
    query: async (text, values = []) => (await database.query<Record<string, unknown>>(text, [...values])).rows,
    close: () => database.close(),
  };
}

/** Kills the only process there is, which has its database inside. */
export const embeddedKill: Fault = {
  row: 28,
  name: "embedded-kill",
  title: "kill -9 of an API with an embedded database, without Postgres and Redis, again and again",
  quick: true,
  stage: {
    startProcesses: false,
    writeMode: "sync",
    envOf: (_, workshop) => ({
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
      LOTTY_DATA_DIR: directoryOf(workshop),
    }),
  },
  load: { none: true, targets: [NAME] },
  async inject(scene) {
    const { load, measure, pause, quick, random, workshop } = scene;
    await writeEmbeddedDefinitions(directoryOf(workshop));
    const victim = apiOf(scene);
    await victim.start();
    load.add(CALLERS);
    let longest = 0;
    for (let kill = 0; kill < (quick ? QUICK_KILLS : KILLS); kill += 1) {
      await pause(random.between(300, 1_500));
      await victim.kill();
      const begin = performance.now();
      await victim.start();
      longest = Math.max(longest, (performance.now() - begin) / 1_000);
    }
    measure("reopened after s, at most", longest);
    await pause(1_000);
  },
  store: async (scene) => {
    await apiOf(scene).stop();
    return openTables(directoryOf(scene.workshop));
  },
  figures: ({ counts, events, measures, quick }) => [
    inTime("reopened after s, at most", measures.get("reopened after s, at most") ?? null, { limit: 5, quick }),
    exactly("queued", counts.acknowledged.queued, 0),
    atLeast("answered requests", events.filter(isOk).length, 1),
  ],
};
