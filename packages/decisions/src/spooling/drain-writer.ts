import type { DecisionRecord, DecisionSink, Logger, RefusedItem, SpoolWriter } from "@lotty/domain";
import { writeByHalves } from "../write-by-halves.ts";

/** Writes spooled decisions to the store; when some decision of a batch can never be written, finds out which. */
export function drainWriter(sink: DecisionSink, logger: Logger): SpoolWriter<DecisionRecord> {
  return async (batch) => {
    const refused: RefusedItem<DecisionRecord>[] = [];
    await writeByHalves(batch, {
      write: (decisions) => sink.write(decisions),
      refused: (decision, error) => {
        logger.error("spool_decision_set_aside", { decision_id: decision.decisionId, error });
        refused.push({ item: decision, reason: error.message });
      },
    });
    return refused;
  };
}
