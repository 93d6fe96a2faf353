import type { DecisionResponse } from "@lotty/contracts";
import { isLottyError, LottyError, type Subject } from "@lotty/domain";
import type { DecisionSource } from "../sources/decision-source.ts";
import { inOrder } from "./in-order.ts";
import type { Progress } from "./progress.ts";
import { readLines } from "./read-lines.ts";
import { readSubjectLine } from "./read-subject-line.ts";
import type { ResultSink } from "./result-sink.ts";
import type { StartingPoint } from "./starting-point.ts";

/** What the work on a file of subjects is done with. */
export interface SubjectsWorkParts {
  readonly source: DecisionSource;
  readonly flags: readonly string[];
  readonly record: boolean;
  readonly sink: ResultSink;
  readonly start: StartingPoint;
  readonly progress: Progress;
  readonly stop: AbortSignal;
}

interface Fault {
  readonly line: number;
  readonly fault: string;
}

interface Decided {
  readonly line: number;
  readonly subjectId: string;
  readonly decisions: readonly DecisionResponse[];
}

type Item = Fault | { readonly line: number; readonly subject: Subject };

/** Reads subjects, decides, and hands results and complaints to the sink in the order of the input. */
export class SubjectsWork {
  readonly #parts: SubjectsWorkParts;
  /** Whether the place to go on from was found in the input. */
  #placed: boolean;
  /** Lines that were no subjects or could not be decided, those of earlier runs included. */
  faulty: number;

  constructor(parts: SubjectsWorkParts) {
    this.#parts = parts;
    this.#placed = parts.start.line === 0;
    this.faulty = parts.start.faulty;
  }

  /**
   * @returns whether the input was read to its end; `false` when it was stopped
   * @throws LottyError `invalid_request` when the input is not the one that the result was begun with; as deciding does
   */
  async do(input: AsyncIterable<Buffer | string>): Promise<boolean> {
    const { progress, sink, source, stop } = this.#parts;
    for await (const outcome of inOrder(this.#items(input), (item) => this.#decide(item), source.concurrency)) {
      if ("fault" in outcome) {
        this.faulty += 1;
        progress.clear();
        await sink.complaint(outcome.line, outcome.fault);
      } else {
        progress.lines += 1;
        await sink.result(this.#print(outcome));
      }
      progress.show();
    }
    if (stop.aborted) return false;
    if (!this.#placed) throw otherInput("the input is shorter than what was decided already");
    return true;
  }

  async *#items(input: AsyncIterable<Buffer | string>): AsyncGenerator<Item> {
    const { progress, start, stop } = this.#parts;
    try {
      for await (const lines of readLines(input, (bytes) => (progress.bytes += bytes))) {
        for (const line of lines) {
          if (stop.aborted) return;
          if (line.number < start.line) continue;
          const read = readSubjectLine(line);
          if (line.number === start.line) {
            this.#placed = read.kind === "subject" && read.subject.id === start.subjectId;
            if (!this.#placed)
              throw otherInput(`line ${line.number} of the input is not the subject that was decided last`);
          } else if (read.kind === "subject") yield { line: line.number, subject: read.subject };
          else if (read.kind === "fault") yield { line: line.number, fault: read.message };
        }
      }
    } catch (error) {
      // The stop ends a read that waits for more input; what was read before it is still decided and written.
      if (!stop.aborted) throw error;
    }
  }

  async #decide(item: Item): Promise<Fault | Decided> {
    if ("fault" in item) return item;
    const { line, subject } = item;
    const { flags, record, source } = this.#parts;
    try {
      return { line, subjectId: subject.id, decisions: await source.decide(flags, subject, record) };
    } catch (error) {
      // What is wrong with one subject must not stop the others; what is wrong with the system must.
      if (isLottyError(error, "subject_not_encodable") || isLottyError(error, "decision_rejected")) {
        return { line, fault: error.message };
      }
      throw error;
    }
  }

  /** Without recording there is no decision to point to: ids are left out, and the result is the same every time. */
  #print({ line, subjectId, decisions }: Decided): string {
    const shown = this.#parts.record ? decisions : decisions.map(withoutRecord);
    return JSON.stringify({ line, subject_id: subjectId, decisions: shown });
  }
}

function withoutRecord({ flag, value, experiment_id, variant_id, reason }: DecisionResponse): object {
  return { flag, value, experiment_id, variant_id, reason };
}

function otherInput(message: string): LottyError {
  return new LottyError("invalid_request", message, {
    details: { advice: "Use the input that the result was begun with, or --restart to begin anew." },
  });
}
