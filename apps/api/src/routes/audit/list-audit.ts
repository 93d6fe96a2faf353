import { type AuditQuery, placeCursor, presentAuditEntry } from "@lotty/contracts";
import type { AuditEntry } from "@lotty/domain";
import type { Answer } from "../../http/answer.ts";
import type { AdmittedExchange } from "../../routing/route.ts";
import type { ApiControl } from "../control/api-control.ts";
import { listAnswer } from "../control/looking.ts";
import { isWanted } from "./wanted-entries.ts";

/** Entries that one page looks at, at most: a filter that finds nothing must not read the whole chain at once. */
const MAX_LOOKED_AT = 5_000;

/** Entries that are read at a time. */
const BATCH = 500;

/** A page of the record, newest first. The chain has no gaps, so places in it can be counted. */
export async function listAudit(
  query: AuditQuery,
  { caller }: Pick<AdmittedExchange, "caller">,
  { store }: Pick<ApiControl, "store">,
): Promise<Answer> {
  const end = query.cursor ?? (await store.auditHead()).sequence + 1;
  const floor = Math.max(1, end - MAX_LOOKED_AT);
  const wanted = isWanted(query, caller);
  const found: AuditEntry[] = [];
  let before = end;
  while (before > floor && found.length < query.limit) {
    const first = Math.max(floor, before - BATCH);
    const entries = await store.auditEntries(first - 1, before - first);
    found.push(...entries.toReversed().filter(wanted));
    before = first;
  }
  const entries = found.slice(0, query.limit);
  const last = entries.length < found.length ? entries.at(-1)?.sequence : undefined;
  const next = last ?? before;
  return listAnswer("entries", entries.map(presentAuditEntry), next > 1 ? placeCursor(next) : null);
}
