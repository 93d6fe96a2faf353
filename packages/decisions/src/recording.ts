import type {
  DecisionMetrics,
  DecisionQueue,
  DecisionRecord,
  DecisionRecorder,
  Durability,
  Logger,
  SubjectHistory,
} from "@lotty/domain";

/** How decisions are recorded. Assignments are always written before they are answered, whatever the mode. */
export type WriteMode = "sync" | "async" | "disabled";

/** Decisions of one subject, to be recorded together. */
export interface RecordingRequest {
  readonly environmentId: string;
  readonly subjectId: string;
  readonly decisions: readonly DecisionRecord[];
  /** The history the decisions rest on; `null` when none was read. */
  readonly basedOn: SubjectHistory | null;
}

/** How each decision was recorded, or the history on which to decide again. */
export type RecordingOutcome =
  | { readonly status: "recorded"; readonly durabilities: readonly Durability[] }
  | { readonly status: "history_changed"; readonly history: SubjectHistory; readonly degraded?: true };

/** What recording works with. */
export interface RecordingPorts {
  readonly recorder: DecisionRecorder;
  /** Null where there is no stream: then `async` writes synchronously. */
  readonly queue: DecisionQueue | null;
  readonly metrics: DecisionMetrics;
  readonly logger: Logger;
}

/**
 * Records decisions by the write mode.
 *
 * @throws LottyError `decision_store_unavailable`, `decision_rejected`
 */
export async function recordDecisions(
  request: RecordingRequest,
  mode: WriteMode,
  ports: RecordingPorts,
): Promise<RecordingOutcome> {
  if (mode === "sync") return write(request, request.decisions, ports);
  const assigned = request.decisions.filter(isAssignment);
  const others = request.decisions.filter((decision) => !isAssignment(decision));
  // Assignments go first: when their history turns out to have changed, nothing else has been promised yet.
  let assignedDurability: Durability = "committed";
  if (assigned.length > 0) {
    const outcome = await write(request, assigned, ports);
    if (outcome.status === "history_changed") return outcome;
    assignedDurability = outcome.durabilities[0] ?? assignedDurability;
  }
  const otherDurability = mode === "disabled" ? skip(others, ports) : await enqueue(request, others, ports);
  const durabilities = request.decisions.map((each) => (isAssignment(each) ? assignedDurability : otherDurability));
  return { status: "recorded", durabilities };
}

/** Writes decisions of which none was promised anything yet. */
async function write(
  request: RecordingRequest,
  decisions: readonly DecisionRecord[],
  ports: RecordingPorts,
): Promise<RecordingOutcome> {
  const outcome = await ports.recorder.record({ ...request, decisions });
  if (outcome.status === "history_changed") return outcome;
  const spooled = outcome.status === "spooled";
  for (const _ of decisions) ports.metrics.recorded(spooled ? "spool" : "sync");
  return { status: "recorded", durabilities: decisions.map(() => (spooled ? "spooled" : "committed")) };
}

async function enqueue(
  request: RecordingRequest,
  decisions: readonly DecisionRecord[],
  ports: RecordingPorts,
): Promise<Durability> {
  if (decisions.length === 0) return "queued";
  try {
    if (ports.queue === null) throw new Error("There is no decision stream.");
    await ports.queue.enqueue(decisions);
    for (const _ of decisions) ports.metrics.recorded("async");
    return "queued";
  } catch (error) {
    ports.logger.warn("decision_async_persist_failed", { error, decisions: decisions.length });
    // Nothing here is an assignment, so the write rests on no history and cannot be refused for one.
    const outcome = await ports.recorder.record({ ...request, basedOn: null, decisions });
    const spooled = outcome.status === "spooled";
    for (const _ of decisions) ports.metrics.recorded(spooled ? "spool" : "sync_fallback");
    return spooled ? "spooled" : "committed";
  }
}

function skip(decisions: readonly DecisionRecord[], ports: RecordingPorts): Durability {
  for (const _ of decisions) ports.metrics.recorded("disabled");
  return "none";
}

function isAssignment(decision: DecisionRecord): boolean {
  return decision.reason === "experiment_assigned";
}
