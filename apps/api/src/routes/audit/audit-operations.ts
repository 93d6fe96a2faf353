import {
  auditPageSchema,
  chainVerdictSchema,
  exportFormatSchema,
  hashQuerySchema,
  kindQuerySchema,
  type Operation,
  type OperationParameter,
  placeCursorSchema,
  sequenceQuerySchema,
  textSchema,
  timeSchema,
} from "@lotty/contracts";
import { PAGE_PARAMETERS } from "../control/page-parameters.ts";

const tags = ["Audit"];

const FILTER: readonly OperationParameter[] = [
  { name: "kind", in: "query", description: "Only changes of this kind of thing.", schema: kindQuerySchema },
  { name: "entity_id", in: "query", description: "Only changes of the thing of this id.", schema: textSchema },
  { name: "actor_id", in: "query", description: "Only changes by the person or key of this id.", schema: textSchema },
  { name: "action", in: "query", description: "Only this action, such as `experiment.start`.", schema: textSchema },
  { name: "from", in: "query", description: "Only changes from this time on.", schema: timeSchema },
  { name: "to", in: "query", description: "Only changes before this time.", schema: timeSchema },
];

/** What the description of the API says about `GET /v1/audit`. */
export const LIST_AUDIT_OPERATION: Operation = {
  id: "listAudit",
  summary: "Who changed what, and when",
  description:
    "Newest first. Each page looks at a bounded part of the record, so one may have fewer entries than asked for, even none, and " +
    "another may follow: go on until `next_cursor` is null.",
  tags,
  parameters: [
    ...FILTER,
    ...PAGE_PARAMETERS.filter(({ name }) => name === "limit"),
    { name: "cursor", in: "query", description: "`next_cursor` of the page before.", schema: placeCursorSchema },
  ],
  answers: { 200: { description: "A page of entries.", schema: auditPageSchema } },
};

/** What the description of the API says about `GET /v1/audit/export`. */
export const EXPORT_AUDIT_OPERATION: Operation = {
  id: "exportAudit",
  summary: "The record as a file",
  description:
    "Oldest first. In CSV, cells that a spreadsheet would take for a formula begin with an apostrophe; to check the chain, take NDJSON.",
  tags,
  parameters: [
    { name: "format", in: "query", description: "`ndjson` when left out.", schema: exportFormatSchema },
    ...FILTER,
  ],
  answers: {
    200: { description: "One line for each entry; `text/csv` if asked for.", mediaType: "application/x-ndjson" },
  },
};

/** What the description of the API says about `GET /v1/audit/verify`. */
export const VERIFY_AUDIT_OPERATION: Operation = {
  id: "verifyAudit",
  summary: "Check the chain of the record",
  description:
    "Reads all of it and names the first entry that was altered, removed or inserted. What was removed at the end shows only " +
    "to those who name an end that they have kept.",
  tags,
  parameters: [
    { name: "sequence", in: "query", description: "Place of the end that is known.", schema: sequenceQuerySchema },
    { name: "hash", in: "query", description: "Hash of the end that is known.", schema: hashQuerySchema },
  ],
  answers: { 200: { description: "Whether it is as it was written.", schema: chainVerdictSchema } },
};
