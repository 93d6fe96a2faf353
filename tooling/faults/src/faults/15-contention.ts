import type { Fault, Outcome, Scene } from "../fault.ts";
import type { JobMaker } from "../client/job.ts";
import { atLeast, exactly, type Figure } from "../verdict/figure.ts";

const SUBJECTS = 40;
const ROUNDS = 50;

/** Longer than it takes to close the circle after somebody ran into the first lock: Postgres looks for it only once. */
const DEADLOCK_TIMEOUT = "100ms";

/** Few subjects, again and again: their assignments are updated all the time. */
function fewSubjects(seed: number): JobMaker {
  return (n) => {
    const subject = `few${String(seed)}-${String(n % SUBJECTS).padStart(3, "0")}`;
    return { subject, body: JSON.stringify({ flag: "button", subject_id: subject }) };
  };
}

const TOUCH = "UPDATE assignments SET last_decided_at = last_decided_at WHERE subject_id = $1";
const TOUCH_ALL_BEFORE = "UPDATE assignments SET last_decided_at = last_decided_at WHERE subject_id < $1";
const BLOCKED = "SELECT count(*) AS count FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))";

/** Longest wait for somebody to run into a lock; with the rate of the client it takes a fraction of that. */
const LOOKS = 40;
const LOOK_MILLIS = 5;

/** Holds on to a row until another transaction waits for it; tells whether one does. */
async function lureSomebody({ database, pause }: Scene, pid: unknown): Promise<boolean> {
  for (let look = 0; look < LOOKS; look += 1) {
    const [row] = await database.query(BLOCKED, [pid]);
    if (Number(row?.["count"]) > 0) return true;
    await pause(LOOK_MILLIS);
  }
  return false;
}

/**
 * Updates rows that the APIs update, in the opposite order: first a late one, and when a batch waits for that, all that come
 * before it, some of which the batch has in its hands.
 */
async function getInTheWay(scene: Scene): Promise<void> {
  const { database, measure, pause, random } = scene;
  const subjects = await database.query("SELECT subject_id AS id FROM assignments ORDER BY subject_id");
  const late = subjects.map(({ id }) => String(id)).slice(Math.floor(subjects.length / 4));
  let own = 0;
  const session = await database.session();
  try {
    const { rows } = await session.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    // Only the one that waits longer looks for a deadlock, and is then given up: it should be the other side.
    await session.query("SET deadlock_timeout = '10s'");
    for (let round = 0; round < ROUNDS; round += 1) {
      const subject = random.pick(late);
      await session.query("BEGIN");
      try {
        await session.query(TOUCH, [subject]);
        if (await lureSomebody(scene, rows[0]?.pid)) await session.query(TOUCH_ALL_BEFORE, [subject]);
        await session.query("COMMIT");
      } catch {
        await session.query("ROLLBACK");
        own += 1;
      }
      await pause(random.between(20, 80));
    }
  } finally {
    await session.end();
  }
  // Sessions report what they have counted after a second at the latest.
  await pause(2_000);
  const [row] = await database.query(
    "SELECT deadlocks, xact_rollback AS rollbacks FROM pg_stat_database WHERE datname = current_database()",
  );
  measure("deadlocks", Number(row?.["deadlocks"]));
  measure("transactions of Lotty that were given up", Number(row?.["rollbacks"]) - own);
}

function figures({ errorsPercent, measures }: Outcome): readonly Figure[] {
  return [
    atLeast("retries", measures.get("transactions of Lotty that were given up") ?? null, 1),
    exactly("errors % with 3 retries", errorsPercent, 0),
  ];
}

const load = { jobs: fewSubjects, connections: 64, perSecond: 1_000 };

/** Deadlocks. */
export const deadlocks: Fault = {
  row: 15,
  name: "deadlocks",
  title: "another session locks the same assignments in the opposite order",
  stage: { writeMode: "sync", postgres: { deadlock_timeout: DEADLOCK_TIMEOUT } },
  load,
  inject: getInTheWay,
  figures,
};

/** Serialization failures. */
export const serialization: Fault = {
  row: 15,
  name: "serialization",
  title: "the same where every transaction is serializable, so that each touch makes one fail",
  stage: {
    writeMode: "sync",
    postgres: { deadlock_timeout: DEADLOCK_TIMEOUT, default_transaction_isolation: "serializable" },
  },
  load,
  inject: getInTheWay,
  figures,
};
