import type { SubjectHistory } from "@lotty/domain";
import { TransientMap } from "@lotty/outage";
import { subjectKey, type SubjectRef } from "../subject-ref.ts";

/** What those who wait for the same subject share. */
export interface Turn {
  /** The subject's history as the store last told it or wrote it for one of them; `null` while it has not. */
  verified: SubjectHistory | null;
}

interface Queue extends Turn {
  /** Resolves when everybody who came so far is done. Never rejects. */
  tail: Promise<void>;
  members: number;
}

/** Lets those who create assignments of one subject do so one after the other. */
export class SubjectTurns {
  readonly #queues = new TransientMap<string, Queue>();

  /** Runs a task when everybody who came earlier for the same subject is done; at once when there is nobody. */
  run<Result>(subject: SubjectRef, task: (turn: Turn) => Promise<Result>): Promise<Result> {
    const key = subjectKey(subject);
    const queue = this.#queues.get(key);
    if (queue === undefined) {
      const own: Queue = { verified: null, tail: Promise.resolve(), members: 0 };
      this.#queues.set(key, own);
      return this.#join(key, own, task(own));
    }
    return this.#join(
      key,
      queue,
      queue.tail.then(() => task(queue)),
    );
  }

  #join<Result>(key: string, queue: Queue, outcome: Promise<Result>): Promise<Result> {
    const leave = (): void => {
      queue.members -= 1;
      if (queue.members === 0) this.#queues.delete(key);
    };
    queue.members += 1;
    queue.tail = outcome.then(leave, leave);
    return outcome;
  }
}
