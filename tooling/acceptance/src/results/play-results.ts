import { setTimeout as sleep } from "node:timers/promises";
import { type DecidedSubject, type Generated, generateEvents, type SentEvent } from "./generate-events.ts";
import { expectedArm, type ExpectedArm } from "./expected-results.ts";
import { LottyOn, type Stores } from "./lotty-on.ts";
import { PLANNED_DAYS, storeExperiment, type StoredExperiment, WINDOW_HOURS } from "./store-experiment.ts";

/** A number that came out, and what it has to be. */
export interface ComparedNumber {
  readonly what: string;
  readonly got: number;
  readonly expected: number;
}

/** What a play came to. */
export interface PlayedResults {
  readonly numbers: readonly ComparedNumber[];
  readonly verdict: string;
  readonly sentEvents: number;
  readonly seconds: number;
}

/** The part of a report that is compared. */
interface Report {
  readonly verdict: { readonly verdict: string };
  readonly metrics: readonly {
    readonly metric: { readonly key: string };
    readonly variants: readonly {
      readonly variant_id: string;
      readonly n: number;
      readonly value: number | null;
      readonly effect: {
        readonly diff: number | null;
        readonly se: number | null;
        readonly lift: { readonly value: number | null } | null;
      } | null;
    }[];
  }[];
}

const DAY = 86_400_000;
const BATCH = 500;
const COUNTED_WITHIN_MILLIS = 600_000;

/**
 * Plays an experiment on real servers: decisions and events over HTTP with repetitions, disorder and late ones, while worker and API are killed, and
 * compares its report with a computation from the raw input.
 */
export async function playResults(
  stores: Stores,
  { seed, subjects: count }: { readonly seed: number; readonly subjects: number },
): Promise<PlayedResults> {
  const begun = performance.now();
  const stored = await storeExperiment(stores.databaseUrl);
  const [api, worker] = await Promise.all([LottyOn.start("api", stores), LottyOn.start("worker", stores)]);
  try {
    const subjects = await decideAll(api, stored, count);
    const firstDay = Math.floor(Date.now() / DAY) * DAY - 14 * DAY;
    const random = randomOf(seed);
    const events = generateEvents(subjects, { firstDay, random, treatmentId: idOf(stored, false) });
    await sendWhileKilled(events.sent, { api, worker });
    await sendAll(api, events.late);
    const numbers = await untilCounted(() => compare(api, stored, { subjects, events, firstDay }));
    const { verdict } = await reportOf(api, stored);
    const seconds = (performance.now() - begun) / 1_000;
    return { numbers, verdict: verdict.verdict, sentEvents: events.sent.length + events.late.length, seconds };
  } finally {
    await Promise.all([api.stop(), worker.stop()]);
  }
}

async function decideAll(
  api: LottyOn,
  { flagKey }: StoredExperiment,
  count: number,
): Promise<readonly DecidedSubject[]> {
  const decided: DecidedSubject[] = [];
  let next = 0;
  const ask = async (): Promise<void> => {
    while (next < count) {
      const subjectId = `subject-${String(next++)}`;
      const answer = await post(`${api.url}/v1/decide`, { flag: flagKey, subject_id: subjectId });
      decided.push({ subjectId, decisionId: String(answer["decision_id"]), variantId: String(answer["variant_id"]) });
    }
  };
  await Promise.all(Array.from({ length: 16 }, ask));
  // The order of the answers must not decide what is generated.
  return decided.sort((one, other) => (one.subjectId < other.subjectId ? -1 : 1));
}

/** Kills the worker after a third of the events, and the API after two. */
async function sendWhileKilled(
  events: readonly SentEvent[],
  { api, worker }: { readonly api: LottyOn; readonly worker: LottyOn },
): Promise<void> {
  const third = Math.ceil(events.length / 3);
  await sendAll(api, events.slice(0, third));
  await worker.kill();
  await sendAll(api, events.slice(third, 2 * third));
  await worker.again();
  const dying = sendAll(api, events.slice(2 * third));
  await sleep(50);
  await api.kill();
  await api.again();
  await dying;
}

/** Sends events in batches, each until it is answered: what was kept already is found as a duplicate. */
async function sendAll(api: LottyOn, events: readonly SentEvent[]): Promise<void> {
  for (let start = 0; start < events.length; start += BATCH) {
    const body = { events: events.slice(start, start + BATCH) };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { rejected } = await post(`${api.url}/v1/events`, body);
        if (rejected !== 0) throw new TypeError(`${String(rejected)} events were rejected`);
        break;
      } catch (error) {
        if (error instanceof TypeError && error.message.endsWith("rejected")) throw error;
        if (attempt === 600) throw error;
        await sleep(100);
      }
    }
  }
}

async function compare(
  api: LottyOn,
  stored: StoredExperiment,
  raw: { readonly subjects: readonly DecidedSubject[]; readonly events: Generated; readonly firstDay: number },
): Promise<readonly ComparedNumber[]> {
  const { metrics } = await reportOf(api, stored);
  return (["revenue", "buyers"] as const).flatMap((key) => {
    const [control, treatment] = [true, false].map((isControl): ExpectedArm => {
      const own = raw.subjects.filter(({ variantId }) => variantId === idOf(stored, isControl));
      const span = {
        from: raw.firstDay,
        to: raw.firstDay + PLANNED_DAYS * DAY,
        windowMillis: WINDOW_HOURS * 3_600_000,
      };
      return expectedArm(own, raw.events, { ...span, kind: key === "revenue" ? "sum" : "conversion" });
    });
    const found = metrics.find(({ metric }) => metric.key === key)?.variants ?? [];
    const ofControl = found.find(({ variant_id }) => variant_id === idOf(stored, true));
    const ofTreatment = found.find(({ variant_id }) => variant_id === idOf(stored, false));
    if (control === undefined || treatment === undefined) return [];
    const diff = treatment.mean - control.mean;
    const se = Math.sqrt(control.variance / control.n + treatment.variance / treatment.n);
    const number = (what: string, got: number | null | undefined, expected: number): ComparedNumber => ({
      what: `${key} ${what}`,
      got: got ?? Number.NaN,
      expected,
    });
    return [
      number("subjects of control", ofControl?.n, control.n),
      number("subjects of treatment", ofTreatment?.n, treatment.n),
      number("mean of control", ofControl?.value, control.mean),
      number("mean of treatment", ofTreatment?.value, treatment.mean),
      number("difference", ofTreatment?.effect?.diff, diff),
      number("standard error", ofTreatment?.effect?.se, se),
      number("lift", ofTreatment?.effect?.lift?.value, diff / Math.abs(control.mean)),
    ];
  });
}

/** Whether a number is what it has to be, to 1e-9 of its size. */
export function isSame({ expected, got }: ComparedNumber): boolean {
  return Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}

async function untilCounted(look: () => Promise<readonly ComparedNumber[]>): Promise<readonly ComparedNumber[]> {
  const deadline = performance.now() + COUNTED_WITHIN_MILLIS;
  for (;;) {
    const numbers = await look();
    if (numbers.every(isSame) || performance.now() > deadline) return numbers;
    await sleep(1_000);
  }
}

async function reportOf(api: LottyOn, { experiment }: StoredExperiment): Promise<Report> {
  const response = await fetch(`${api.url}/v1/experiments/${experiment.id}/results`);
  if (!response.ok) throw new Error(`The results answered ${String(response.status)}: ${await response.text()}`);
  return (await response.json()) as Report;
}

async function post(url: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${String(response.status)}: ${await response.text()}`);
  return (await response.json()) as Readonly<Record<string, unknown>>;
}

function idOf({ experiment }: StoredExperiment, isControl: boolean): string {
  return experiment.variants.find((variant) => variant.isControl === isControl)?.id ?? "";
}

/** Numbers from 0 to below 1, the same for the same seed (Mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
