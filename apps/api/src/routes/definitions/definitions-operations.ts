import { controlProblemSchema, type Operation } from "@lotty/contracts";
import { definitionsFormSchema, definitionsRequestSchema, definitionsSchema } from "@lotty/contracts/definitions";

const tags = ["Definitions"];
const problem = controlProblemSchema;

/** What the description of the API says about `GET /v1/definitions`. */
export const EXPORT_DEFINITIONS_OPERATION: Operation = {
  id: "exportDefinitions",
  summary: "Everything stored, as a definitions file",
  description:
    "Applying it changes nothing; applied to an empty installation that has the same people and webhooks, it makes the same one. Secrets are not in it.",
  tags,
  parameters: [{ name: "format", in: "query", description: "`yaml` when left out.", schema: definitionsFormSchema }],
  answers: {
    200: {
      description: "The file; `application/json` if asked for.",
      mediaType: "application/yaml",
      headers: { ETag: "The revision that it tells of." },
    },
  },
  problem,
};

/** What the description of the API says about `POST /v1/definitions`. */
export const APPLY_DEFINITIONS_OPERATION: Operation = {
  id: "applyDefinitions",
  summary: "What a definitions file would change; with `apply`, change it",
  description:
    "Files pass by lifecycle and reviews, and are on record. A `revision` refuses the change when something was committed since. " +
    "A file that is not valid is answered with `invalid_definition` and its faults.",
  tags,
  request: definitionsRequestSchema,
  answers: { 200: { description: "The differences, and whether they are carried out.", schema: definitionsSchema } },
  problem,
};
