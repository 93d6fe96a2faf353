import type { SubjectHistoryCache } from "@lotty/domain";
import type { SharedLoads } from "../shared-loads.ts";
import type { KnownHistory, SpoolingHistory } from "../spooling/spooling-history.ts";
import { subjectKey, type SubjectRef } from "../subject-ref.ts";

/** Where a process remembers histories of subjects besides the store. */
export interface SubjectMemory {
  readonly historyCache: SubjectHistoryCache | null;
  readonly historyLoads: SharedLoads<KnownHistory>;
  readonly outageHistory: SpoolingHistory | null;
}

/**
 * Forgets what is remembered of a subject's history.
 *
 * @throws LottyError `cache_unavailable`
 */
export async function forgetSubject(subject: SubjectRef, memory: SubjectMemory): Promise<void> {
  memory.outageHistory?.forget(subject);
  memory.historyLoads.forget(subjectKey(subject));
  await memory.historyCache?.remove(subject.environmentId, subject.subjectId);
}
