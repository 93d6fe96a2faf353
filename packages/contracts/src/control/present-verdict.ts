import type { ChainVerdict } from "@lotty/control-plane";
import type { ChainVerdictResponse } from "./control-answers.ts";

/** What became of checking the chain, for the wire. */
export function presentVerdict(verdict: ChainVerdict): ChainVerdictResponse {
  if (verdict.ok) return verdict;
  const { entries, entryId, kind, ok, sequence } = verdict;
  return { ok, kind, sequence, entry_id: entryId, entries };
}
