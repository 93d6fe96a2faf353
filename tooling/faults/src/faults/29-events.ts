import { join } from "node:path";
import { AckLog } from "../client/ack-log.ts";
import { EventSender } from "../client/event-sender.ts";
import type { Fault, Outcome, Scene, ShownCounts } from "../fault.ts";
import { sumOf } from "../stage/process-metrics.ts";
import { eventStreamState } from "../stage/stream.ts";
import { KEPT_WORDS, total, type ByWord } from "../verdict/count-decisions.ts";
import { countEvents } from "../verdict/count-events.ts";
import { atLeast, exactly, type Figure } from "../verdict/figure.ts";

const EVENT_TYPE = "click";
const CALLERS = 6;

/** Entries of a worker that was killed are taken over after half a minute. */
const DRAINED_WITHIN_MILLIS = 90_000;

/** Sends events while something breaks, waits until none is on its way, and counts. */
async function sendThrough(scene: Scene, breakAndMend: (sender: EventSender) => Promise<void>): Promise<void> {
  const { api, database, measure, random, redisClient, until, workers, workshop } = scene;
  await database.query(
    `INSERT INTO event_types (environment_id, key, requires_exposure, version, updated_at)
     SELECT id, $1, false, 1, now() FROM environments`,
    [EVENT_TYPE],
  );
  // Only now: what is written past the control plane is not read anew.
  await Promise.all([...api, ...workers].map((member) => member.start()));
  const ackFile = join(workshop.folder, "acknowledged-events");
  const acks = await AckLog.create(ackFile);
  const urls = api.map(({ url }) => url);
  const sender = new EventSender({ urls, callers: CALLERS, eventType: EVENT_TYPE, seed: random.seed, acks });
  try {
    await until("every API has taken events", async () => {
      const metrics = await Promise.all(api.map((member) => member.scrape()));
      return metrics.every((each) => sumOf(each, "lotty_events_total") > 0);
    });
    await breakAndMend(sender);
  } finally {
    await sender.stop();
    await acks.close();
  }
  await until(
    "no event is on its way",
    async () => {
      const spooled = await Promise.all(api.map((member) => member.scrape()));
      const { length, pending } = await eventStreamState(redisClient);
      return length + pending === 0 && spooled.every((metrics) => sumOf(metrics, "lotty_event_spool_rows") === 0);
    },
    DRAINED_WITHIN_MILLIS,
  );
  const { acknowledged, missing, rows, surplus } = await countEvents(database, ackFile, sender.sent);
  for (const word of KEPT_WORDS) {
    measure(`events ${word}`, acknowledged[word]);
    measure(`events ${word}, missing`, missing[word]);
  }
  measure("events, rows", rows);
  measure("events, surplus", surplus);
}

/** The events, in the words that tables have for decisions. */
function counts({ measures }: Outcome): ShownCounts {
  const got = (name: string): number => measures.get(name) ?? 0;
  return {
    acknowledged: perWord((word) => got(`events ${word}`)),
    rows: got("events, rows"),
    missing: perWord((word) => got(`events ${word}, missing`)),
    // A row has no word, and there is to be none too many.
    duplicates: { committed: got("events, surplus"), spooled: 0, queued: 0 },
  };
}

function perWord(count: (word: keyof ByWord) => number): ByWord {
  return { committed: count("committed"), spooled: count("spooled"), queued: count("queued") };
}

function figures(outcome: Outcome, word: keyof ByWord): readonly Figure[] {
  const { acknowledged, duplicates, missing } = counts(outcome);
  return [
    atLeast("events acknowledged", total(acknowledged), 100),
    atLeast(`events ${word}`, acknowledged[word], 1),
    exactly("acknowledged events without a row", total(missing), 0),
    exactly("rows beyond one per event that was sent", total(duplicates), 0),
  ];
}

const OUTAGE_MILLIS = 30_000;
const QUICK_OUTAGE_MILLIS = 3_000;

/** Events while Postgres is away, and an API dies with what it has spooled. */
export const eventsPostgresDown: Fault = {
  row: 29,
  name: "events-postgres-down",
  title: "Postgres is down while events are sent, and an API is killed with what it has spooled of them",
  quick: true,
  stage: { startProcesses: false, writeMode: "sync" },
  load: { none: true },
  async inject(scene) {
    const { api, pause, postgres, quick, random } = scene;
    await sendThrough(scene, async () => {
      await postgres.stop("SIGINT");
      await pause(quick ? QUICK_OUTAGE_MILLIS : OUTAGE_MILLIS);
      const victim = random.pick(api);
      await victim.kill();
      victim.spawn();
      await pause(quick ? QUICK_OUTAGE_MILLIS : OUTAGE_MILLIS);
      await postgres.start();
      await victim.untilReady();
      await pause(QUICK_OUTAGE_MILLIS);
    });
  },
  counts,
  figures: (outcome) => figures(outcome, "spooled"),
};

const KILLS = 30;
const QUICK_KILLS = 4;

/** Events on their way through the stream while everybody who touches them dies. */
export const eventsKilled: Fault = {
  row: 30,
  name: "events-killed",
  title: "kill -9 of workers and APIs in turn at random moments, while events go through the stream",
  quick: true,
  stage: { startProcesses: false, env: { EVENT_WRITE_MODE: "async" } },
  load: { none: true },
  async inject(scene) {
    const { api, pause, quick, random, workers } = scene;
    await sendThrough(scene, async () => {
      for (let kill = 0; kill < (quick ? QUICK_KILLS : KILLS); kill += 1) {
        await pause(random.between(100, 800));
        const victim = random.pick(kill % 2 === 0 ? workers : api);
        await victim.kill();
        await victim.start();
      }
    });
  },
  counts,
  figures: (outcome) => figures(outcome, "queued"),
};
