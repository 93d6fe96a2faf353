import { isLottyError } from "@lotty/domain";

/** How a check came out. `degraded`: works, but worse than it should. */
export type CheckStatus = "ok" | "degraded" | "failing";

/** The result of a check; further fields are facts for people, times as ages in seconds. Never secrets. */
export interface CheckResult {
  readonly status: CheckStatus;
  readonly [fact: string]: string | number | boolean | null;
}

/** Something that is looked at to tell how a process is. */
export interface HealthCheck {
  /** In snake_case, unique in the process. */
  readonly name: string;
  /**
   * Whether the process must not get requests while the check fails. Only for what the process itself lacks: were
   * readiness to follow a shared database, one outage would take every replica out at once.
   */
  readonly required: boolean;
  /** Looks. Throwing counts as failing. */
  run(): CheckResult | Promise<CheckResult>;
}

/** How a process is. */
export interface HealthReport {
  /** Whether it wants requests. */
  readonly ready: boolean;
  readonly status: "ready" | "starting" | "failing" | "stopping";
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** A check that takes longer counts as failing. */
const CHECK_TIMEOUT_MS = 1_000;

/** Results are reused this long, so that asking often costs the database nothing. */
const REUSE_MS = 1_000;

interface Result {
  readonly check: CheckResult;
  readonly at: number;
}

/**
 * Collects the checks of a process and tells whether it is ready: all required checks have been fine, {@link Health.started}
 * was called, and {@link Health.stopping} was not.
 */
export class Health {
  readonly #now: () => number;
  readonly #checks = new Map<string, HealthCheck>();
  readonly #results = new Map<string, Result>();
  #running: Promise<void> | undefined;
  #ranAt = -Infinity;
  #phase: "starting" | "started" | "stopping" = "starting";

  /** @param now a steady clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Adds a check; one of the same name is replaced. */
  add(check: HealthCheck): void {
    this.#checks.set(check.name, check);
    this.#ranAt = -Infinity;
  }

  /** The process has everything it needs to begin. */
  started(): void {
    if (this.#phase !== "starting") return;
    this.#phase = "started";
    // What was found a moment ago was found of a process that lacked something.
    this.#ranAt = -Infinity;
  }

  /** From now on the process is not ready any more, for good. */
  stopping(): void {
    this.#phase = "stopping";
  }

  /** Runs the checks, unless that was done within the last second, and tells how the process is. Never throws. */
  async report(): Promise<HealthReport> {
    if (this.#now() - this.#ranAt >= REUSE_MS) {
      this.#running ??= this.#run().finally(() => (this.#running = undefined));
      await this.#running;
    }
    const status = this.#status();
    return { ready: status === "ready", status, checks: this.#shown() };
  }

  #status(): HealthReport["status"] {
    if (this.#phase !== "started") return this.#phase;
    for (const { name, required } of this.#checks.values()) {
      if (required && this.#results.get(name)?.check.status === "failing") return "failing";
    }
    return "ready";
  }

  #shown(): Record<string, CheckResult> {
    const shown: Record<string, CheckResult> = {};
    for (const [name, { check, at }] of this.#results) {
      shown[name] = { ...check, checked_seconds_ago: Math.round(this.#now() - at) / 1000 };
    }
    return shown;
  }

  async #run(): Promise<void> {
    await Promise.all(
      [...this.#checks.values()].map(async (check) => {
        const result = await runCheck(check);
        this.#results.set(check.name, { check: result, at: this.#now() });
      }),
    );
    this.#ranAt = this.#now();
  }
}

async function runCheck(check: HealthCheck): Promise<CheckResult> {
  const { promise: late, resolve } = Promise.withResolvers<CheckResult>();
  const timer = setTimeout(() => resolve({ status: "failing", problem: "timeout" }), CHECK_TIMEOUT_MS);
  try {
    return await Promise.race([check.run(), late]);
  } catch (error) {
    // The code only: whoever may ask for readiness need not learn addresses or statements.
    return { status: "failing", problem: isLottyError(error) ? error.code : "internal" };
  } finally {
    clearTimeout(timer);
  }
}
