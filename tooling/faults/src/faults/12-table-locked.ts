import type { Fault, Outcome, Scene } from "../fault.ts";
import { isOk, quantileMillis, within } from "../client/timeline.ts";
import { atLeast, atMost, exactly, type Figure } from "../verdict/figure.ts";

const LOCKED_MILLIS = 10_000;
const STATEMENT_TIMEOUT_MILLIS = 1_000;

/** The default of DECISION_SPOOL_AFTER_MS, which may be a quarter more. */
const SPOOL_AFTER_MILLIS = 1_500 * 1.25;

/** What an answer may take besides waiting for the database. */
const WORK_MILLIS = 500;

/**
 * Without a spool: the statement's limit, a second for a server that does not keep it, and as long again for the commit before,
 * in which the request did not fit.
 */
const REFUSED_WITHIN_MILLIS = 2 * (STATEMENT_TIMEOUT_MILLIS + 1_000);

async function lockDecisions({ api, database, measure, pause }: Scene): Promise<void> {
  const session = await database.session();
  try {
    await session.query("BEGIN");
    await session.query("LOCK TABLE decisions IN ACCESS EXCLUSIVE MODE");
    // What was before does not count.
    await Promise.all(api.map((member) => member.scrape()));
    await pause(LOCKED_MILLIS);
    const lags = await Promise.all(api.map((member) => member.scrape()));
    const lag = Math.max(...lags.map((metrics) => metrics.get("nodejs_eventloop_lag_p99_seconds") ?? Number.NaN));
    measure("event loop lag p99 ms", lag * 1_000);
  } finally {
    await session.end();
  }
}

function figures(outcome: Outcome, budgetMillis: number): readonly Figure[] {
  const during = within(outcome.events, outcome.during);
  const failed = during.filter((event) => !isOk(event));
  return [
    exactly("failures other than 503", failed.filter(({ kind }) => !kind.startsWith("503")).length, 0),
    atMost("longest wait for an answer, ms", quantileMillis(during, 1), budgetMillis),
    atMost("event loop lag p99 ms", outcome.measures.get("event loop lag p99 ms") ?? null, 100),
    atMost("recovery s", outcome.recoverySeconds, 10),
  ];
}

const locked: Pick<Fault, "row" | "load" | "inject" | "heal"> = {
  row: 12,
  load: { connections: 64 },
  inject: lockDecisions,
  heal: () => Promise.resolve(),
};

const env = { DATABASE_STATEMENT_TIMEOUT_MS: String(STATEMENT_TIMEOUT_MILLIS) };

/** Holds a lock on the table that every decision goes to. */
export const tableLocked: Fault = {
  ...locked,
  name: "table-locked",
  title: "somebody holds an exclusive lock on the table of decisions for 10 s; they go to the spool",
  stage: { writeMode: "sync", env },
  figures: (outcome) => [
    ...figures(outcome, SPOOL_AFTER_MILLIS + WORK_MILLIS),
    atLeast("spooled", outcome.counts.acknowledged.spooled, 1),
  ],
};

/** The same without a spool. */
export const tableLockedRefused: Fault = {
  ...locked,
  name: "table-locked-refused",
  title: "the same, and the spool is off",
  stage: { writeMode: "sync", env: { ...env, DECISION_SPOOL: "off" } },
  figures: (outcome) => [
    ...figures(outcome, REFUSED_WITHIN_MILLIS),
    atLeast("refused with 503", within(outcome.events, outcome.during).filter((event) => !isOk(event)).length, 1),
  ],
};
