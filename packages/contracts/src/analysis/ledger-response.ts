import { type LedgerLine, type LedgerPage, LOSS_CAUSES } from "@lotty/domain";
import { z } from "zod";

/** One line of the ledger, on the wire. */
export interface LedgerLineResponse {
  readonly subject_id: string;
  readonly variant_id: string;
  readonly outcome: LedgerLine["outcome"];
  readonly decision_id: string | null;
  readonly exposure_event_id: string | null;
  readonly event_ids: readonly string[];
}

/** Answer of `GET /v1/experiments/{experiment_id}/results/ledger`. */
export interface LedgerResponse {
  readonly lines: readonly LedgerLineResponse[];
  readonly next: string | null;
}

/** Schema of {@link LedgerResponse}. */
export const ledgerSchema: z.ZodType<LedgerResponse> = z
  .strictObject({
    lines: z.array(
      z.strictObject({
        subject_id: z.string(),
        variant_id: z.uuid(),
        outcome: z.enum(["counted", ...LOSS_CAUSES]),
        decision_id: z.string().nullable(),
        exposure_event_id: z.string().nullable(),
        event_ids: z.array(z.string()),
      }),
    ),
    next: z.string().nullable().meta({ description: "`after` of the next page; `null` after the last." }),
  })
  .meta({ id: "ResultsLedger" });

/** A page of the ledger for the wire. */
export function presentLedger({ lines, next }: LedgerPage): LedgerResponse {
  return {
    lines: lines.map((line) => ({
      subject_id: line.subjectId,
      variant_id: line.variantId,
      outcome: line.outcome,
      decision_id: line.decisionId,
      exposure_event_id: line.exposureEventId,
      event_ids: line.eventIds,
    })),
    next,
  };
}
