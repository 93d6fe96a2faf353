import type { Fault, Outcome, Scene } from "../fault.ts";
import { isOk, quantileMillis, within } from "../client/timeline.ts";
import { atLeast, atMost, exactly, type Figure } from "../verdict/figure.ts";

const CONNECT_TIMEOUT_MILLIS = 1_000;
const STATEMENT_TIMEOUT_MILLIS = 2_000;
const LIVE_WITHIN_MILLIS = 1_000;

/** The default of DECISION_SPOOL_AFTER_MS, which may be a quarter more. */
const SPOOL_AFTER_MILLIS = 1_500 * 1.25;

/** What an answer may take besides waiting for the database, with two hundred in the same plight. */
const WORK_MILLIS = 500;

/** Fills a small pool with statements that get nowhere. */
async function stickPool({ api, database, measure, pause }: Scene): Promise<void> {
  const session = await database.session();
  let dead = 0;
  try {
    await session.query("BEGIN");
    await session.query("LOCK TABLE assignments IN ACCESS EXCLUSIVE MODE");
    for (let look = 0; look < 20; look += 1) {
      const answers = await Promise.all(api.map((member) => member.status("/livez", LIVE_WITHIN_MILLIS)));
      dead += answers.filter((status) => status !== 200).length;
      await pause(400);
    }
  } finally {
    await session.end();
  }
  measure("/livez not 200 within 1 s", dead);
}

function figures(outcome: Outcome, budgetMillis: number): readonly Figure[] {
  const during = within(outcome.events, outcome.during);
  const failed = during.filter((event) => !isOk(event));
  return [
    exactly("failures other than 503", failed.filter(({ kind }) => !kind.startsWith("503")).length, 0),
    atMost("longest wait for an answer, ms", quantileMillis(during, 1), budgetMillis),
    exactly("/livez not 200 within 1 s", outcome.measures.get("/livez not 200 within 1 s") ?? null, 0),
    atMost("recovery s", outcome.recoverySeconds, 10),
  ];
}

const env = {
  DATABASE_POOL_SIZE: "4",
  DATABASE_CONNECT_TIMEOUT_MS: String(CONNECT_TIMEOUT_MILLIS),
  DATABASE_STATEMENT_TIMEOUT_MS: String(STATEMENT_TIMEOUT_MILLIS),
  HISTORY_CACHE_TTL_SECONDS: "0",
  DECISION_RESULT_CACHE_TTL_SECONDS: "0",
};

const exhausted: Pick<Fault, "row" | "load" | "inject" | "heal"> = {
  row: 16,
  load: { connections: 200, perSecond: 600 },
  inject: stickPool,
  heal: () => Promise.resolve(),
};

/** Lets many ask while no connection gets anywhere. */
export const poolExhausted: Fault = {
  ...exhausted,
  name: "pool-exhausted",
  title: "a pool of 4 connections, all of them stuck, and 200 callers; decisions go to the spool",
  stage: { writeMode: "sync", env },
  figures: (outcome) => [
    // Reading the history and recording may each have to wait until the database counts as away.
    ...figures(outcome, 2 * SPOOL_AFTER_MILLIS + WORK_MILLIS),
    atLeast("spooled", outcome.counts.acknowledged.spooled, 1),
  ],
};

/** The same without a spool. */
export const poolExhaustedRefused: Fault = {
  ...exhausted,
  name: "pool-exhausted-refused",
  title: "the same, and the spool is off",
  stage: { writeMode: "sync", env: { ...env, DECISION_SPOOL: "off" } },
  figures: (outcome) => {
    const refused = within(outcome.events, outcome.during).filter((event) => !isOk(event));
    return [
      // The first to come wait for their own statement, some of them for the one before in which they did not fit, too.
      ...figures(outcome, 2 * STATEMENT_TIMEOUT_MILLIS + WORK_MILLIS),
      atMost("median wait for a refusal, ms", quantileMillis(refused, 0.5), CONNECT_TIMEOUT_MILLIS),
      atLeast("refused with 503", refused.length, 1),
    ];
  },
};
