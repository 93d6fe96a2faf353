import type { AuditEntryResponse, ChainVerdictResponse } from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { renderTable } from "../terminal/render-table.ts";

/** Changes on record as a table. */
export function renderAudit(entries: readonly AuditEntryResponse[], paint: Paint): string {
  const rows = entries.map((entry) => [
    String(entry.sequence),
    entry.at,
    entry.actor_name,
    entry.from ?? "-",
    entry.action,
    entry.entity_key,
  ]);
  return renderTable(["PLACE", "AT", "BY", "FROM", "ACTION", "OF"], rows, paint);
}

/** What became of checking the chain. */
export function renderVerdict(verdict: ChainVerdictResponse, paint: Paint): string {
  if (!verdict.ok) {
    const { entries, kind, sequence } = verdict;
    return `${paint("bad", "broken")}: an entry was ${kind} at place ${sequence}; ${entries} were read.`;
  }
  const { entries, head } = verdict;
  return [
    `${paint("good", "whole")}: ${entries} ${entries === 1 ? "entry" : "entries"}.`,
    `Head ${head.sequence}:${head.hash}`,
  ].join("\n");
}
