import {
  assignmentsOf,
  isLottyError,
  LottyError,
  mergeHistories,
  type DecisionRecorder,
  type DecisionSpool,
  type RecordOutcome,
  type RecordRequest,
  type SubjectHistory,
} from "@lotty/domain";
import type { Patience, StoreCircuit } from "@lotty/outage";
import type { KnownHistories } from "./known-histories.ts";
import { SubjectTurns, type Turn } from "./subject-turns.ts";

/** What a {@link SpoolingRecorder} works with. */
export interface SpoolingRecorderOptions {
  readonly recorder: DecisionRecorder;
  readonly spool: DecisionSpool;
  readonly circuit: StoreCircuit;
  readonly known: KnownHistories;
  readonly patience: Patience;
}

/**
 * Records in the store, or in the spool while the store is away. There it makes the check that the store makes otherwise,
 * against what this process knows.
 *
 * An attempt whose answer was lost may yet be written, so the decision that goes to the spool must be the very same, and no
 * other of its subject may be under way: therefore one subject's first assignments are recorded one after the other.
 */
export class SpoolingRecorder implements DecisionRecorder {
  readonly #options: SpoolingRecorderOptions;
  readonly #turns = new SubjectTurns();

  constructor(options: SpoolingRecorderOptions) {
    this.#options = options;
  }

  record(request: RecordRequest): Promise<RecordOutcome> {
    return isFirst(request, request.basedOn)
      ? this.#turns.run(request, (turn) => this.#record(request, turn))
      : this.#record(request, null);
  }

  async #record(request: RecordRequest, turn: Turn | null): Promise<RecordOutcome> {
    const { circuit, patience } = this.#options;
    try {
      if (circuit.state === "handing_over") await patience.run(() => circuit.settled(), tooLate);
      if (circuit.state === "closed") return await this.#write(request, turn);
    } catch (error) {
      if (!isLottyError(error, "decision_store_unavailable")) throw error;
      circuit.open(error);
    }
    return this.#spool(request);
  }

  async #write(request: RecordRequest, turn: Turn | null): Promise<RecordOutcome> {
    const { known, patience, recorder } = this.#options;
    // Whoever was here before has changed what this one rests on; the store need not be asked to know that.
    if (turn !== null && turn.verified !== null && !covers(request.basedOn, turn.verified)) {
      return { status: "history_changed", history: turn.verified };
    }
    const outcome = await patience.run(() => recorder.record(request), tooLate);
    const written = assignmentsOf(request.decisions);
    if (outcome.status === "history_changed") known.replace(request, outcome.history);
    else known.add(request, written);
    if (turn !== null) {
      turn.verified =
        outcome.status === "history_changed" ? outcome.history : mergeHistories(request.basedOn ?? [], written);
    }
    return outcome;
  }

  async #spool(request: RecordRequest): Promise<RecordOutcome> {
    const { known, spool } = this.#options;
    request.decisions.forEach(refuseUnstorable);
    const current = mergeHistories(known.of(request), spool.assignmentsOf(request.environmentId, request.subjectId));
    if (isFirst(request, request.basedOn) && !covers(request.basedOn, current)) {
      return { status: "history_changed", history: mergeHistories(request.basedOn ?? [], current), degraded: true };
    }
    // Nothing is awaited between the check and this call: the spool knows at once what it is given.
    const appended = spool.append(request.decisions);
    known.add(request, assignmentsOf(request.decisions));
    await appended;
    return { status: "spooled" };
  }
}

/** Whether a request assigns something that a history does not have. Without a history everything exists already. */
function isFirst({ decisions }: RecordRequest, basedOn: SubjectHistory | null): boolean {
  if (basedOn === null) return false;
  return decisions.some(
    ({ reason, experimentId }) =>
      reason === "experiment_assigned" && !basedOn.some((assignment) => assignment.experimentId === experimentId),
  );
}

/** Whether a history has every experiment of another. */
function covers(history: SubjectHistory | null, other: SubjectHistory): boolean {
  return other.every(({ experimentId }) => (history ?? []).some((known) => known.experimentId === experimentId));
}

/** What no store of ours takes must not be acknowledged by the spool either. */
function refuseUnstorable({
  attributes = "",
  decisionId,
  flagKey,
  subjectId,
  value,
}: RecordRequest["decisions"][number]): void {
  if ([flagKey, subjectId, value, attributes].every((text) => text.isWellFormed() && !text.includes("\0"))) return;
  throw new LottyError("decision_rejected", "The decision has a text that cannot be stored", {
    details: { decisionId },
  });
}

function tooLate(): LottyError {
  return new LottyError("decision_store_unavailable", "The store does not answer in time");
}
