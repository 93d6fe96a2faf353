import { erasureSchema, type Operation, type OperationParameter, subjectSchema, textSchema } from "@lotty/contracts";

const tags = ["Records"];

const subjectId: OperationParameter = {
  name: "subject_id",
  in: "query",
  description: "Id of the subject; in the query, because ids may have slashes.",
  required: true,
  schema: textSchema,
};

/** What the description of the API says about `GET /v1/subjects`. */
export const SUBJECT_OPERATION: Operation = {
  id: "showSubject",
  summary: "Show what is known of a subject",
  description: "What it takes part in, what keeps it out of other experiments and until when, and its last decisions.",
  tags,
  parameters: [subjectId],
  answers: {
    200: { description: "The subject; a page of nothing for one that nobody has seen.", schema: subjectSchema },
  },
};

/** What the description of the API says about `DELETE /v1/subjects`. */
export const ERASE_SUBJECT_OPERATION: Operation = {
  id: "eraseSubject",
  summary: "Erase a subject",
  description:
    "Its decisions become anonymous, its assignments are removed, and that this happened is noted without its id. May be repeated.",
  tags,
  parameters: [subjectId],
  answers: { 200: { description: "What was erased.", schema: erasureSchema } },
};
