import {
  type AuditFilter,
  isWantedEntry,
  presentAuditEntry,
  presentVerdict,
  readAuditExportQuery,
} from "@lotty/contracts";
import {
  AUDIT_CSV_HEADER,
  auditCsvLine,
  auditNdjsonLine,
  auditPage,
  chainEntries,
  verifyChain,
} from "@lotty/control-plane";
import type { AuditEntry } from "@lotty/domain";
import type { AuditQuestion, AuditSource } from "./control-source.ts";
import { given, type LocalControl } from "./local-control.ts";

/** Whoever reaches the database sees all environments. */
const EVERYWHERE = { environmentId: null };

const FORMS = {
  ndjson: { head: "", line: auditNdjsonLine },
  csv: { head: AUDIT_CSV_HEADER, line: auditCsvLine },
} as const;

/** The record of all changes in a database. */
export function localAudit({ store }: LocalControl): AuditSource {
  return {
    list: async (question, limit) => {
      const isWanted = isWantedEntry(filterOf(question), EVERYWHERE);
      const found: AuditEntry[] = [];
      let before: number | null | undefined;
      while (before !== null && found.length < limit) {
        const left = limit - found.length;
        const page = await auditPage(store, { limit: left, isWanted, ...(before !== undefined && { before }) });
        found.push(...page.entries);
        before = page.next;
      }
      return found.map(presentAuditEntry);
    },
    export: async function* (question, format) {
      const { head, line } = FORMS[format];
      const isWanted = isWantedEntry(filterOf(question), EVERYWHERE);
      if (head !== "") yield head;
      for await (const entry of chainEntries(store)) if (isWanted(entry)) yield line(entry);
    },
    verify: async (head) => presentVerdict(await verifyChain(chainEntries(store), head === undefined ? {} : { head })),
  };
}

function filterOf(question: AuditQuestion): AuditFilter {
  return given(readAuditExportQuery(new URLSearchParams({ ...question })));
}
