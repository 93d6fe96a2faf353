import { join } from "node:path";
import { AckLog } from "./client/ack-log.ts";
import { mixedJobs } from "./client/job.ts";
import { LoadClient } from "./client/load-client.ts";
import { failuresByKind, isOk, type Span } from "./client/timeline.ts";
import type { Fault, Outcome, Scene } from "./fault.ts";
import type { RunOptions } from "./run-fault.ts";
import { makeScene } from "./scene.ts";
import type { Stage } from "./stage/stage.ts";
import { waitForDrain } from "./stage/wait-for-drain.ts";
import { countDecisions, type DecisionCounts } from "./verdict/count-decisions.ts";
import { recoverySeconds, type Respite } from "./verdict/recovery.ts";

/** Durations in milliseconds. */
const TIMES = {
  full: { warmUp: 4_000, calm: 6_000, window: 10_000, recovery: 60_000 },
  quick: { warmUp: 500, calm: 500, window: 2_000, recovery: 20_000 },
} as const;

const USUAL_CONNECTIONS = 16;
const USUAL_RATE = 300;
const QUICK_RATE = 150;
const DRAINED_WITHIN_MILLIS = { full: 180_000, quick: 60_000 } as const;

/** Lets the client ask, breaks things and mends them, waits until nothing is on its way any more, and counts. */
export async function play(fault: Fault, stage: Stage, options: RunOptions): Promise<Outcome> {
  const ackFile = join(stage.workshop.folder, "acknowledged");
  const acks = await AckLog.create(ackFile);
  const load = startLoad(fault, stage, { acks, options });
  const interrupted = (): void => void load.stop();
  options.signal.addEventListener("abort", interrupted);
  const members = [...stage.api, ...stage.workers];
  try {
    const course = await breakAndMend(fault, stage, { load, options });
    await load.stop();
    const after = { from: course.healed, to: performance.now() };
    const withinMillis = options.quick ? DRAINED_WITHIN_MILLIS.quick : DRAINED_WITHIN_MILLIS.full;
    const drainSeconds = await waitForDrain(stage, { withinMillis, signal: options.signal });
    await Promise.all(members.map((member) => member.scrape()));
    await fault.afterwards?.(course.scene);
    const { events } = load;
    const failed = events.filter((event) => !isOk(event)).length;
    return {
      counts: await count(fault, course.scene, ackFile),
      events,
      errorsPercent: events.length === 0 ? 0 : (100 * failed) / events.length,
      failures: failuresByKind(events),
      recoverySeconds: course.recovery(),
      drainSeconds,
      before: course.before,
      during: course.during,
      after,
      measures: course.measures,
      surprises: members.flatMap(({ surprises }) => surprises),
      quick: options.quick,
    };
  } finally {
    options.signal.removeEventListener("abort", interrupted);
    await load.stop();
    await acks.close();
  }
}

async function count(fault: Fault, scene: Scene, ackFile: string): Promise<DecisionCounts> {
  if (fault.store === undefined) return countDecisions(scene.database, ackFile, scene.load.attempts);
  const store = await fault.store(scene);
  try {
    return await countDecisions(store, ackFile, scene.load.attempts);
  } finally {
    await store.close();
  }
}

/** What happened between the beginning of the load and its end. */
interface Course {
  readonly scene: Scene;
  readonly before: Span;
  readonly during: Span;
  readonly healed: number;
  readonly measures: ReadonlyMap<string, number>;
  readonly recovery: () => number | null;
}

async function breakAndMend(
  fault: Fault,
  stage: Stage,
  { load, options }: { readonly load: LoadClient; readonly options: RunOptions },
): Promise<Course> {
  const times = options.quick ? TIMES.quick : TIMES.full;
  // Without a client that goes on by itself there is nothing to tell the recovery by.
  const isWatched = fault.load?.none !== true && fault.load?.counted !== true;
  const respites: Respite[] = [];
  const measures = new Map<string, number>();
  const scene = makeScene(stage, load, { respites, measures, options });
  const recovery = (): number | null =>
    isWatched ? recoverySeconds(load.events, { respites, windowMillis: times.window }) : 0;

  if (isWatched) await scene.pause(times.warmUp);
  const warm = performance.now();
  if (isWatched) await scene.pause(times.calm);
  const before = { from: warm, to: performance.now() };
  await fault.inject(scene);
  options.signal.throwIfAborted();
  const during = { from: before.to, to: performance.now() };
  await fault.heal?.(scene);
  if (fault.heal !== undefined || respites.length === 0) scene.mark();
  const healed = performance.now();
  await fault.watch?.(scene);
  if (isWatched) {
    await scene.pause(times.window);
    while (recovery() === null && performance.now() < healed + times.recovery) await scene.pause(500);
  }
  return { scene, before, during, healed, measures, recovery };
}

function startLoad(
  fault: Fault,
  stage: Stage,
  given: { readonly acks: AckLog; readonly options: RunOptions },
): LoadClient {
  const {
    connections = USUAL_CONNECTIONS,
    jobs = mixedJobs,
    perSecond = given.options.quick ? QUICK_RATE : USUAL_RATE,
    counted,
    inspect,
    none,
    retryPauseMillis,
    targets,
  } = fault.load ?? {};
  const asked = stage.api.filter(({ name }) => targets === undefined || targets.includes(name));
  return new LoadClient({
    urls: asked.map(({ url }) => url),
    connections: none === true ? 0 : connections,
    perSecond,
    acks: given.acks,
    jobs: jobs(given.options.seed),
    ...(retryPauseMillis !== undefined && { retryPauseMillis }),
    ...(inspect !== undefined && { inspect }),
    ...(counted === true && { decisions: given.options.decisions }),
  });
}
