import { setTimeout as sleep } from "node:timers/promises";
import type { AnsweredDecision } from "@lotty/faults/client/answer";
import { Connection } from "@lotty/faults/client/connection";
import { isDecisionReason, type JsonValue } from "@lotty/domain";
import { SeededRandom } from "@lotty/faults/seeded-random";
import type { Attempt, GivenDecision } from "../check/evidence.ts";
import { ENVIRONMENTS, type EnvironmentKey } from "../world/environments.ts";
import type { KeyBook, ModelKey } from "../world/key-book.ts";
import { turn, type Question } from "../world/request.ts";
import type { Cast } from "./cast.ts";

/** Connections at most; a turn waits for one. */
const MAX_CONNECTIONS = 64;

/** Pause after a failure, so that an outage is not a flood of refused connections. */
const FAILED_MILLIS = 50;

/** Asks the turns of the run, each at its time, whatever becomes of the ones before. */
export class AskLoop {
  readonly #seed: number;
  readonly #perSecond: number;
  readonly #cast: Cast;
  readonly #keys: KeyBook;
  readonly #free: Connection[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #open = 0;
  #next = 0;
  #attempts: Attempt[] = [];

  constructor(seed: number, perSecond: number, { cast, keys }: { readonly cast: Cast; readonly keys: KeyBook }) {
    this.#seed = seed;
    this.#perSecond = perSecond;
    this.#cast = cast;
    this.#keys = keys;
  }

  /** Turns that were asked. */
  get turns(): number {
    return this.#next;
  }

  /** What was asked since the last time that this was called. */
  takeAttempts(): readonly Attempt[] {
    const taken = this.#attempts;
    this.#attempts = [];
    return taken;
  }

  /** Asks until told to stop, and waits for what is under way. */
  async run(signal: AbortSignal): Promise<void> {
    let slot = performance.now();
    while (!signal.aborted) {
      const number = this.#next;
      this.#next += 1;
      for (const [place, question] of turn(this.#seed, number).entries()) {
        const connection = await this.#connection();
        const asking = this.#ask(connection, question, { number, place }).finally(() => this.#underWay.delete(asking));
        this.#underWay.add(asking);
      }
      slot = Math.max(slot + 1_000 / this.#perSecond, performance.now() - 1_000);
      if (slot > performance.now()) await sleep(slot - performance.now());
    }
    await Promise.all(this.#underWay);
  }

  close(): void {
    for (const connection of this.#free.splice(0)) connection.close();
  }

  async #ask(connection: Connection, question: Question, at: { number: number; place: number }): Promise<void> {
    const random = new SeededRandom(Math.imul(this.#seed, 17) ^ Math.imul(at.number * 64 + at.place, 0x27d4eb2f));
    const member = this.#cast.chooseApi(random);
    const life = this.#cast.lifeOf(member.name);
    const { attributes, credential, environment, flags, peek, single, subject } = question;
    const key = credential === "none" ? null : this.#keys.choose(environment, random);
    const body = JSON.stringify({
      ...(single ? { flag: flags[0] } : { flags }),
      subject_id: subject,
      attributes,
      ...(peek && { peek }),
    });
    const startedAt = Date.now();
    const answer = await connection.ask(member.url, body, { key: key?.text, environment: named(question, key) });
    const endedAt = Date.now();
    this.#attempts.push({
      turn: at.number,
      question,
      key,
      process: member.name,
      life,
      startedAt,
      endedAt,
      decisions: answer.ok ? answer.decisions.map(toGiven) : null,
      failure: answer.ok ? null : answer.kind,
    });
    if (!answer.ok) await sleep(FAILED_MILLIS);
    this.#release(connection);
  }

  async #connection(): Promise<Connection> {
    for (;;) {
      const free = this.#free.pop();
      if (free !== undefined) return free;
      if (this.#open < MAX_CONNECTIONS) {
        this.#open += 1;
        return new Connection();
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #release(connection: Connection): void {
    this.#free.push(connection);
    this.#waiting.shift()?.();
  }
}

/** The environment that a request names: keys are bound to theirs, and production is meant where none is named. */
function named({ credential, environment }: Question, key: ModelKey | null): EnvironmentKey | undefined {
  if (key === null) return environment === "production" ? undefined : environment;
  return credential === "foreign" ? ENVIRONMENTS.find((each) => each !== environment) : undefined;
}

/** Reads one decision with everything that the wire has. */
function toGiven(decision: AnsweredDecision): GivenDecision {
  const fields: Readonly<Record<string, unknown>> = { ...decision };
  const { reason } = decision;
  if (!isDecisionReason(reason)) throw new Error(`There is no reason ${reason}.`);
  return {
    id: decision.decision_id,
    flag: decision.flag,
    value: decision.value as JsonValue,
    reason,
    experimentId: textOrNull(fields["experiment_id"]),
    variantId: textOrNull(fields["variant_id"]),
    ruleId: textOrNull(fields["rule_id"]),
    durability: decision.durability,
    degraded: fields["degraded"] === true,
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
