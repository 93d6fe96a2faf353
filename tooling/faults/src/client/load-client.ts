import { setTimeout as sleep } from "node:timers/promises";
import type { AckLog } from "./ack-log.ts";
import type { Answer, AnsweredDecision } from "./answer.ts";
import { Balancer } from "./balancer.ts";
import { Connection } from "./connection.ts";
import type { Job, JobMaker } from "./job.ts";
import type { RequestEvent } from "./timeline.ts";

/** What the client does. */
export interface LoadOptions {
  readonly urls: readonly string[];
  readonly connections: number;
  /** Requests a second of all connections together; `null` for as many as get answered. */
  readonly perSecond: number | null;
  readonly acks: AckLog;
  readonly jobs: JobMaker;
  /** Pause before a job is asked again, in milliseconds. */
  readonly retryPauseMillis?: number;
  /** Ends by itself when so many decisions are acknowledged. */
  readonly decisions?: number;
  /** Looks at every answer. */
  readonly inspect?: Inspect;
}

/** Looks at what was decided for a job. */
export type Inspect = (job: Job, decisions: readonly AnsweredDecision[]) => void;

/** Short, so that errors are seen for as long as there are any. */
const RETRY_PAUSE_MILLIS = 50;

/**
 * Callers with kept connections. Each asks, writes down what was acknowledged, and only then asks the next; what fails is
 * asked again as a new request, elsewhere if possible, until it is answered.
 */
export class LoadClient {
  readonly events: RequestEvent[] = [];
  /** How often each subject was asked for. */
  readonly attempts: Map<string, number> = new Map();
  readonly #options: LoadOptions;
  readonly #balancer: Balancer;
  readonly #callers: Promise<void>[] = [];
  #next = 0;
  #slot = performance.now();
  #stopping = false;
  #staying = Number.POSITIVE_INFINITY;

  /** Starts at once. */
  constructor(options: LoadOptions) {
    this.#options = options;
    this.#balancer = new Balancer(options.urls);
    this.add(options.connections);
  }

  /** Lets more callers come. */
  add(connections: number): void {
    for (let added = 0; added < connections; added += 1) this.#callers.push(this.#caller(this.#callers.length));
  }

  /** Lets all but the first callers go; what they have in hand they finish or give up. */
  leave(connections: number): void {
    this.#staying = connections;
  }

  /** Resolves when all callers have ended by themselves: see {@link LoadOptions.decisions}. */
  get done(): Promise<unknown> {
    return Promise.all(this.#callers);
  }

  /** Lets everyone finish the request in hand. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.done;
    this.#balancer.close();
  }

  async #caller(index: number): Promise<void> {
    const connection = new Connection();
    let target: string | undefined;
    while (!this.#finished(index)) {
      await this.#turn();
      const job = this.#options.jobs(this.#next);
      this.#next += 1;
      for (let attempt = 1; ; attempt += 1) {
        this.attempts.set(job.subject, (this.attempts.get(job.subject) ?? 0) + 1);
        target = this.#balancer.choose(target, index + attempt);
        if (await this.#ask(connection, target, job)) break;
        if (this.#finished(index)) break;
        target = undefined;
        await sleep(this.#options.retryPauseMillis ?? RETRY_PAUSE_MILLIS);
      }
    }
    connection.close();
  }

  /** Whether the job is done: answered, or never to be answered. */
  async #ask(connection: Connection, target: string, job: Job): Promise<boolean> {
    const startedAt = performance.now();
    const answer = await connection.ask(target, job.body);
    const endedAt = performance.now();
    if (!answer.ok) {
      this.events.push({ startedAt, endedAt, kind: answer.kind, words: [] });
      return answer.kind.startsWith("400");
    }
    this.events.push({ startedAt, endedAt, kind: "ok", words: answer.decisions.map(({ durability }) => durability) });
    this.#options.inspect?.(job, answer.decisions);
    await this.#keep(answer, job);
    return true;
  }

  async #keep(answer: Extract<Answer, { ok: true }>, { subject }: Job): Promise<void> {
    const recorded = answer.decisions.filter(({ durability }) => durability !== "none");
    await this.#options.acks.append(
      recorded.map(({ decision_id: id, durability: word, flag }) => ({ id, word, flag, subject })),
    );
  }

  #finished(index: number): boolean {
    return (
      this.#stopping ||
      index >= this.#staying ||
      this.#options.acks.size >= (this.#options.decisions ?? Number.POSITIVE_INFINITY)
    );
  }

  /** Waits for the next moment at which a request is due. */
  async #turn(): Promise<void> {
    const { perSecond } = this.#options;
    if (perSecond === null) return;
    const now = performance.now();
    // What could not be asked in time is not made up for: a pause must not be followed by a flood.
    this.#slot = Math.max(this.#slot + 1_000 / perSecond, now - 1_000 / perSecond);
    if (this.#slot > now) await sleep(this.#slot - now);
  }
}
