import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type AuditExportQuery, isWantedEntry } from "@lotty/contracts";
import { AUDIT_CSV_HEADER, auditCsvLine, auditNdjsonLine, chainEntries } from "@lotty/control-plane";
import type { AuditEntry, Logger } from "@lotty/domain";
import type { Caller } from "@lotty/identity";
import type { Answer } from "../../http/answer.ts";
import type { ApiControl } from "../control/api-control.ts";

const FORMS = {
  ndjson: { mediaType: "application/x-ndjson", head: "", line: auditNdjsonLine },
  csv: { mediaType: "text/csv; charset=utf-8", head: AUDIT_CSV_HEADER, line: auditCsvLine },
} as const;

/** What an export works with. */
export interface ExportParts {
  readonly store: ApiControl["store"];
  readonly caller: Caller;
  readonly logger: Logger;
}

/**
 * The record as a file, oldest entry first, written while it is read and no faster than it is taken. One that cannot be finished
 * is cut off, so that nobody takes it for whole.
 */
export async function exportAudit(query: AuditExportQuery, { caller, logger, store }: ExportParts): Promise<Answer> {
  const { head, line, mediaType } = FORMS[query.format];
  const entries = chainEntries(store);
  // A store that is away is told by a problem, which can be sent only before the file has begun.
  const first = await entries.next();
  const wanted = isWantedEntry(query, caller);
  const lines = async function* (): AsyncGenerator<string> {
    if (head !== "") yield head;
    for await (const entry of resumed(first, entries)) if (wanted(entry)) yield line(entry);
  };
  return {
    status: 200,
    mediaType,
    body: "",
    headers: { "content-disposition": `attachment; filename="lotty-audit.${query.format}"` },
    content: (response) => {
      pipeline(Readable.from(lines()), response).catch((error: unknown) => {
        // Whoever has hung up needs no file, and nobody has to look after it.
        if (!isHangUp(error)) logger.warn("audit_export_cut_off", { error });
      });
    },
  };
}

async function* resumed(
  first: IteratorResult<AuditEntry>,
  rest: AsyncGenerator<AuditEntry>,
): AsyncGenerator<AuditEntry> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

function isHangUp(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";
}
