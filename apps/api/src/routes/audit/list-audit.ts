import { type AuditQuery, isWantedEntry, placeCursor, presentAuditEntry } from "@lotty/contracts";
import { auditPage } from "@lotty/control-plane";
import type { Answer } from "../../http/answer.ts";
import type { AdmittedExchange } from "../../routing/route.ts";
import type { ApiControl } from "../control/api-control.ts";
import { listAnswer } from "../control/looking.ts";

/** A page of the record, newest first. */
export async function listAudit(
  query: AuditQuery,
  { caller }: Pick<AdmittedExchange, "caller">,
  { store }: Pick<ApiControl, "store">,
): Promise<Answer> {
  const { cursor: before, limit } = query;
  const isWanted = isWantedEntry(query, caller);
  const { entries, next } = await auditPage(store, { limit, isWanted, ...(before !== undefined && { before }) });
  return listAnswer("entries", entries.map(presentAuditEntry), next === null ? null : placeCursor(next));
}
