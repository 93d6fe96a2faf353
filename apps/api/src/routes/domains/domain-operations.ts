import {
  conflictDomainSchema,
  conflictDomainsSchema,
  controlProblemSchema,
  daysQuerySchema,
  DEFAULT_LOOK_BACK_DAYS,
  domainEditSchema,
  idSchema,
  newDomainSchema,
  type Operation,
  type OperationParameter,
  overlapSchema,
} from "@lotty/contracts";

const tags = ["Conflict domains"];
const problem = controlProblemSchema;

const domainId: OperationParameter = {
  name: "domain_id",
  in: "path",
  description: "Id of the domain.",
  required: true,
  schema: idSchema,
};

/** What the description of the API says about `GET /v1/domains`. */
export const LIST_DOMAINS_OPERATION: Operation = {
  id: "listDomains",
  summary: "List conflict domains",
  tags,
  answers: { 200: { description: "All domains with their members.", schema: conflictDomainsSchema } },
};

/** What the description of the API says about `POST /v1/domains`. */
export const CREATE_DOMAIN_OPERATION: Operation = {
  id: "createDomain",
  summary: "Make a conflict domain",
  tags,
  request: newDomainSchema,
  answers: { 201: { description: "The domain.", schema: conflictDomainSchema, headers: { Location: "Its path." } } },
  problem,
};

/** What the description of the API says about `GET /v1/domains/{domain_id}`. */
export const FIND_DOMAIN_OPERATION: Operation = {
  id: "findDomain",
  summary: "Look up a conflict domain",
  tags,
  parameters: [domainId],
  answers: { 200: { description: "The domain.", schema: conflictDomainSchema } },
};

/** What the description of the API says about `PATCH /v1/domains/{domain_id}`. */
export const EDIT_DOMAIN_OPERATION: Operation = {
  id: "editDomain",
  summary: "Change a conflict domain",
  description: "Members are given whole.",
  tags,
  parameters: [domainId],
  request: domainEditSchema,
  answers: { 200: { description: "The domain as it is now.", schema: conflictDomainSchema } },
  problem,
};

/** What the description of the API says about `DELETE /v1/domains/{domain_id}`. */
export const REMOVE_DOMAIN_OPERATION: Operation = {
  id: "removeDomain",
  summary: "Remove a conflict domain",
  tags,
  parameters: [domainId],
  answers: { 204: { description: "It is gone." } },
  problem,
};

/** What the description of the API says about `GET /v1/domains/{domain_id}/overlap`. */
export const OVERLAP_OPERATION: Operation = {
  id: "domainOverlap",
  summary: "Which active members share subjects, and what the domain costs each",
  tags,
  parameters: [
    domainId,
    {
      name: "days",
      in: "query",
      description: `How far to look back; ${DEFAULT_LOOK_BACK_DAYS} days when left out.`,
      schema: daysQuerySchema,
    },
  ],
  answers: { 200: { description: "Pairs and costs.", schema: overlapSchema } },
  problem,
};
