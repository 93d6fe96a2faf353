import {
  type DomainMemberRequest,
  presentConflictDomain,
  presentOverlap,
  readDaysQuery,
  readDomainEdit,
  readNewDomain,
  readPlainAction,
} from "@lotty/contracts";
import type { ConflictDomain, DomainMember } from "@lotty/domain";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import type { AdmittedExchange, Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { questionOf } from "../control/asked-by.ts";
import { answerOf, change, createdAnswer, GONE } from "../control/changing.ts";
import { listAnswer, looking, nothingThere, withId } from "../control/looking.ts";
import {
  CREATE_DOMAIN_OPERATION,
  EDIT_DOMAIN_OPERATION,
  FIND_DOMAIN_OPERATION,
  LIST_DOMAINS_OPERATION,
  OVERLAP_OPERATION,
  REMOVE_DOMAIN_OPERATION,
} from "./domain-operations.ts";

const PATH = "/v1/domains";
const ONE = `${PATH}/:domain_id`;

/** Groups of experiments of which a subject may be in only one. */
export function domainRoutes(parts: ControlParts): readonly Route[] {
  return [...lookingRoutes(parts), ...changingRoutes(parts)];
}

function lookingRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  const access = { kind: "scope", scope: "read", role: "viewer" } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access,
      operation: LIST_DOMAINS_OPERATION,
      handler: async (asked) => {
        const { domains } = await control().store.load(asked.environmentId);
        return listAnswer("domains", domains.map(presentConflictDomain));
      },
    },
    {
      method: "GET",
      path: ONE,
      access,
      operation: FIND_DOMAIN_OPERATION,
      handler: withId("domain_id", async (domainId, asked) => {
        const domain = await findDomain(domainId, asked, parts);
        return domain === undefined ? nothingThere(asked.requestId) : domainAnswer(domain);
      }),
    },
    {
      method: "GET",
      path: `${ONE}/overlap`,
      access,
      operation: OVERLAP_OPERATION,
      handler: withId("domain_id", (domainId, asked) =>
        looking(readDaysQuery, async ({ days }) => {
          const domain = await findDomain(domainId, asked, parts);
          if (domain === undefined) return nothingThere(asked.requestId);
          const overlap = await control().domains.overlap({ ...questionOf(asked), days });
          return answerOf(overlap, (found) => jsonAnswer(presentOverlap(found, domain)), asked.requestId);
        })(asked),
      ),
    },
  ];
}

function changingRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  const access = { kind: "scope", scope: "manage", role: "experimenter" } as const;
  return [
    {
      method: "POST",
      path: PATH,
      access,
      operation: CREATE_DOMAIN_OPERATION,
      idempotent: true,
      handler: (asked) =>
        change(asked, parts, {
          read: readNewDomain,
          run: (command, { key, members }) =>
            control().domains.create({ ...command, key, members: members.map(memberOf) }),
          answer: (domain) => createdAnswer(domainAnswer(domain), `${PATH}/${domain.id}`),
        }),
    },
    {
      method: "PATCH",
      path: ONE,
      access,
      operation: EDIT_DOMAIN_OPERATION,
      handler: withId("domain_id", (domainId, asked) =>
        change(asked, parts, {
          read: readDomainEdit,
          run: (command, { key, members }) => {
            const edit = {
              ...(key !== undefined && { key }),
              ...(members !== undefined && { members: members.map(memberOf) }),
            };
            return control().domains.edit({ ...command, domainId, edit });
          },
          answer: domainAnswer,
        }),
      ),
    },
    {
      method: "DELETE",
      path: ONE,
      access,
      operation: REMOVE_DOMAIN_OPERATION,
      handler: withId("domain_id", (domainId, asked) =>
        change(asked, parts, {
          read: readPlainAction,
          run: (command) => control().domains.remove({ ...command, domainId }),
          answer: () => GONE,
        }),
      ),
    },
  ];
}

async function findDomain(
  domainId: string,
  asked: AdmittedExchange,
  { control }: ControlParts,
): Promise<ConflictDomain | undefined> {
  const { domains } = await control().store.load(asked.environmentId);
  return domains.find(({ id }) => id === domainId);
}

function memberOf({ experiment_id: experimentId, priority }: DomainMemberRequest): DomainMember {
  return { experimentId, priority };
}

function domainAnswer(domain: ConflictDomain): Answer {
  return jsonAnswer(presentConflictDomain(domain));
}
