import type { Fault, Outcome } from "./fault.ts";
import { play } from "./play.ts";
import { Guardian } from "./stage/guardian.ts";
import { openStage } from "./stage/stage.ts";
import { TimeLimitError, withinTime } from "./time-limit.ts";
import type { Figure } from "./verdict/figure.ts";
import { standardFigures } from "./verdict/standard-figures.ts";

/** How to play a fault. */
export interface RunOptions {
  readonly seed: number;
  readonly quick: boolean;
  readonly built: boolean;
  /** Decisions of a counted run. */
  readonly decisions: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** A fault that was played. */
export interface FaultResult {
  readonly fault: Fault;
  readonly startedAt: Date;
  readonly seconds: number;
  readonly outcome: Outcome;
  /** What has to hold after every fault. */
  readonly standard: readonly Figure[];
  /** What has to hold after this one. */
  readonly own: readonly Figure[];
  readonly passed: boolean;
  /** The end of each process's log, for those who have to find out why. */
  readonly logs: Readonly<Record<string, string>>;
}

/** Longest that a fault may take with all that belongs to it, in milliseconds. */
const LIMIT_MILLIS = { full: 480_000, quick: 120_000 } as const;

/** Longest that a fault which was told to end may take for that. */
const ENDED_WITHIN_MILLIS = 45_000;

/** From then on even this process is taken for dead, and the guardian ends it. */
const HOPELESS_AFTER_MILLIS = 120_000;

/** In short form faults are played beside other work, which must not look like an overload of ours. */
const QUICK_ENV = { MAX_EVENT_LOOP_DELAY_MS: "0" };

const KEPT_LOG = 4_000;

/**
 * Plays one fault on a stage of its own and judges what is left. Whatever hangs, this comes to an end, and nothing that was
 * started outlives it.
 *
 * @throws TimeLimitError when it takes too long
 */
export function runFault(fault: Fault, options: RunOptions): Promise<FaultResult> {
  const limitMillis = options.quick ? LIMIT_MILLIS.quick : LIMIT_MILLIS.full;
  return guarded({ name: fault.name, limitMillis, signal: options.signal }, (guardian, signal) =>
    perform(fault, { ...options, signal }, guardian),
  );
}

/** Something that must not run for ever. */
export interface GuardedWork {
  readonly name: string;
  readonly limitMillis: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/**
 * Does something that starts processes, within a time. When that is over, or when it is interrupted, it is told so by its signal
 * and given a moment to clear up. The guardian ends what is left then.
 */
export async function guarded<Value>(
  { name, limitMillis, signal }: GuardedWork,
  work: (guardian: Guardian, signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const guardian = new Guardian();
  guardian.watch(limitMillis + ENDED_WITHIN_MILLIS + HOPELESS_AFTER_MILLIS);
  const overtime = new AbortController();
  const working = work(guardian, AbortSignal.any([signal, overtime.signal]));
  try {
    return await withinTime(name, limitMillis, working);
  } catch (error) {
    if (error instanceof TimeLimitError) {
      overtime.abort(error);
      await withinTime(`the end of ${name}`, ENDED_WITHIN_MILLIS, working).catch(() => undefined);
    }
    throw error;
  } finally {
    await guardian.close();
  }
}

async function perform(fault: Fault, options: RunOptions, guardian: Guardian): Promise<FaultResult> {
  const startedAt = new Date();
  const begin = performance.now();
  const stage = await openStage(fault.stage ?? {}, {
    built: options.built,
    guardian,
    ...(options.quick && { env: QUICK_ENV }),
  });
  try {
    const outcome = await play(fault, stage, options);
    const standard = standardFigures(fault, outcome);
    const own = fault.figures?.(outcome) ?? [];
    return {
      fault,
      startedAt,
      seconds: (performance.now() - begin) / 1_000,
      outcome,
      standard,
      own,
      passed: [...standard, ...own].every(({ holds }) => holds),
      logs: Object.fromEntries([...stage.api, ...stage.workers].map(({ name, log }) => [name, log.slice(-KEPT_LOG)])),
    };
  } finally {
    await stage.strike();
  }
}
