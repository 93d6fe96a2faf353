import type { Fault, Outcome, Scene } from "../fault.ts";
import type { DurabilityWord } from "../client/answer.ts";
import { isOk, type RequestEvent } from "../client/timeline.ts";
import { sumOf } from "../stage/process-metrics.ts";
import { streamState } from "../stage/stream.ts";
import { atLeast, exactly, inTime, type Figure } from "../verdict/figure.ts";

const OUTAGE_MILLIS = 60_000;
const QUICK_OUTAGE_MILLIS = 3_000;

/** Entries that are in the stream at any moment, while all is well. */
const ON_THEIR_WAY = 200;

/** How long one API may be without the other before it is killed as well. */
const ALONE_MILLIS = 10_000;

const outage: Pick<Fault, "row" | "inject" | "heal" | "watch"> = {
  row: 11,
  async inject(scene) {
    const { pause, quick } = scene;
    await stopPostgres(scene);
    await pause(quick ? QUICK_OUTAGE_MILLIS : OUTAGE_MILLIS);
  },
  async heal({ postgres }) {
    await postgres.start();
  },
  async watch({ api, measure, redisClient, until }) {
    const begin = performance.now();
    await until("the backlog is gone", async () => {
      const spooled = await Promise.all(api.map((member) => member.scrape()));
      const { length } = await streamState(redisClient);
      return length < ON_THEIR_WAY && spooled.every((metrics) => sumOf(metrics, "lotty_spool_rows") === 0);
    });
    measure("backlog gone after s", (performance.now() - begin) / 1_000);
  },
};

const STOPPING = "stopping took ms";

/** Stopping takes a moment, in which the last commits come through. */
async function stopPostgres({ measure, postgres }: Scene): Promise<void> {
  const begin = performance.now();
  await postgres.stop("SIGINT");
  measure(STOPPING, performance.now() - begin);
}

/** Requests that were answered with decisions, and began and ended while Postgres was away. */
function answeredMeanwhile({ during, events, measures }: Outcome): readonly RequestEvent[] {
  const from = during.from + (measures.get(STOPPING) ?? 0);
  return events.filter((event) => isOk(event) && event.startedAt > from && event.endedAt < during.to);
}

function answered(outcome: Outcome, word: DurabilityWord): number {
  return answeredMeanwhile(outcome).filter(({ words }) => words.includes(word)).length;
}

/** What has to hold however decisions are recorded. */
function always(outcome: Outcome): readonly Figure[] {
  // In short form the machine may be too busy to answer in time: that is a 504.
  const unkind = Object.entries(outcome.failures).filter(([kind]) =>
    (outcome.quick ? /^50[012]/ : /^5(?!03)/).test(kind),
  );
  return [
    exactly("committed while it was down", answered(outcome, "committed"), 0),
    exactly(
      "5xx other than 503",
      unkind.reduce((sum, [, count]) => sum + count, 0),
      0,
    ),
    inTime("recovery s", outcome.recoverySeconds, { limit: 10, quick: outcome.quick }),
  ];
}

/** Postgres is away while decisions go through the stream. */
export const postgresDown: Fault = {
  ...outage,
  name: "postgres-down",
  title: "Postgres is down for a minute; decisions go through the stream, assignments to the spool",
  quick: true,
  figures: (outcome) => {
    const twice = (2 * (outcome.during.to - outcome.during.from)) / 1_000;
    return [
      ...always(outcome),
      atLeast("queued while it was down", answered(outcome, "queued"), 1),
      atLeast("spooled while it was down", answered(outcome, "spooled"), 1),
      inTime("backlog gone after s", outcome.measures.get("backlog gone after s") ?? null, {
        limit: twice,
        quick: outcome.quick,
      }),
    ];
  },
};

/** Postgres is away and everything goes to the spool. */
export const postgresDownSync: Fault = {
  ...outage,
  name: "postgres-down-sync",
  title: "Postgres is down for a minute; decisions are recorded before the answer, so all go to the spool",
  stage: { writeMode: "sync" },
  figures: (outcome) => [...always(outcome), atLeast("spooled while it was down", answered(outcome, "spooled"), 1)],
};

/** Postgres is away and there is no spool. */
export const postgresDownRefused: Fault = {
  ...outage,
  name: "postgres-down-refused",
  title: "Postgres is down for a minute; decisions are recorded before the answer, and the spool is off",
  stage: { writeMode: "sync", env: { DECISION_SPOOL: "off" } },
  figures: (outcome) => {
    return [...always(outcome), exactly("2xx while it was down", answeredMeanwhile(outcome).length, 0)];
  },
};

/** APIs die while what they answered is on their disks only. */
export const spoolKill: Fault = {
  row: 11,
  name: "spool-kill",
  title: "Postgres is down, and the APIs are killed while they spool; they start again before it comes back",
  stage: { writeMode: "sync" },
  async inject(scene) {
    const { api, pause, random } = scene;
    await stopPostgres(scene);
    await pause(3_000);
    for (let kill = 0; kill < 10; kill += 1) {
      await pause(random.between(1_000, 2_000));
      await killWhileSpooling(scene, random.pick(api).name);
    }
  },
  async heal({ api, postgres }) {
    await postgres.start();
    for (const member of api) await member.untilReady();
  },
  figures: (outcome) => [...always(outcome), atLeast("spooled while it was down", answered(outcome, "spooled"), 1)],
};

async function killWhileSpooling({ api }: Scene, name: string): Promise<void> {
  const victim = api.find((member) => member.name === name);
  await victim?.kill();
  victim?.spawn();
  // It decides by the configuration that it has kept on disk; if it cannot, the other one goes on alone.
  await victim?.untilReady(ALONE_MILLIS).catch(() => undefined);
}
