import { attributesFault, type AttributesFault, MAX_ATTRIBUTE_DEPTH, MAX_ATTRIBUTE_ENTRIES } from "@lotty/contracts";
import { closestName } from "@lotty/definitions";
import {
  type JsonObject,
  MAX_SUBJECT_ID_BYTES,
  type Subject,
  type SubjectIdFault,
  subjectIdFault,
} from "@lotty/domain";
import type { InputLine } from "./read-lines.ts";

/** What became of a line: a subject, nothing (a blank line), or why it is none. */
export type SubjectLine =
  | { readonly kind: "subject"; readonly subject: Subject }
  | { readonly kind: "blank" }
  | { readonly kind: "fault"; readonly message: string };

const FIELDS = ["subject_id", "attributes"];

const ID_FAULTS: Readonly<Record<SubjectIdFault, string>> = {
  empty: "subject_id must not be empty",
  too_long: `subject_id must have at most ${MAX_SUBJECT_ID_BYTES} bytes of UTF-8`,
  contains_nul: "subject_id must not contain U+0000",
  not_well_formed: "subject_id must not contain half of a surrogate pair",
};

const ATTRIBUTE_FAULTS: Readonly<Record<AttributesFault, string>> = {
  not_an_object: "attributes must be an object",
  too_deep: `attributes must be nested at most ${MAX_ATTRIBUTE_DEPTH} levels deep`,
  too_many_entries: `attributes must have at most ${MAX_ATTRIBUTE_ENTRIES} entries`,
  name_too_long: "attributes must have no name longer than 256 characters",
};

/** Reads a line of the form `{"subject_id": "...", "attributes": {...}}`; attributes may be left out. */
export function readSubjectLine(line: InputLine): SubjectLine {
  if (line.text === null) return fault(`the line is ${line.fault ?? "not readable"}`);
  if (line.text.trim() === "") return { kind: "blank" };
  let content: unknown;
  try {
    content = JSON.parse(line.text);
  } catch (error) {
    // The parser's message quotes the line, which may hold personal data.
    const place = /position \d+/.exec(error instanceof Error ? error.message : "")?.[0];
    return fault(`the line is not JSON${place === undefined ? "" : ` (${place})`}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content))
    return fault("the line is no JSON object");
  return readSubject(new Map<string, unknown>(Object.entries(content)));
}

/** Reads a subject from its fields, wherever they come from. */
export function readSubject(fields: ReadonlyMap<string, unknown>): SubjectLine {
  for (const name of fields.keys()) {
    if (FIELDS.includes(name)) continue;
    const meant = closestName(name, FIELDS);
    return fault(
      meant === undefined ? "unknown field; put it into attributes" : `unknown field; did you mean ${meant}?`,
    );
  }
  const id = fields.get("subject_id");
  if (typeof id !== "string") return fault(id === undefined ? "subject_id is missing" : "subject_id must be a string");
  const idFault = subjectIdFault(id);
  if (idFault !== undefined) return fault(ID_FAULTS[idFault]);
  const attributes = fields.has("attributes") ? fields.get("attributes") : {};
  const attributeFault = attributesFault(attributes);
  if (attributeFault !== undefined) return fault(ATTRIBUTE_FAULTS[attributeFault]);
  return isAttributes(attributes)
    ? { kind: "subject", subject: { id, attributes } }
    : fault("attributes must be an object");
}

/** What `JSON.parse` gives holds JSON values only; that it is an object is checked. */
function isAttributes(value: unknown): value is JsonObject {
  return attributesFault(value) === undefined;
}

function fault(message: string): SubjectLine {
  return { kind: "fault", message };
}
