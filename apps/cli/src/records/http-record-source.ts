import {
  erasureSchema,
  MAX_PAGE_SIZE,
  recordSchema,
  type RecordResponse,
  recordsSchema,
  replaySchema,
  type ReplayResponse,
  subjectSchema,
} from "@lotty/contracts";
import { formatInstant, type JsonObject } from "@lotty/domain";
import { queryOf } from "../control/api-pages.ts";
import { httpControlSource } from "../control/http-control-source.ts";
import type { ApiClient } from "../sources/api-client.ts";
import { decisionIdOf, noExperiment, subjectIdOf, uuidOf } from "./record-names.ts";
import type { FoundRecords, RecordFilter, RecordSource } from "./record-source.ts";
import { replaySpan } from "./replay-span.ts";

/** The decisions on record, through a running API. */
export function httpRecordSource(client: ApiClient): RecordSource {
  const replay = (id: string, attributes: JsonObject | null): Promise<ReplayResponse> => {
    const body = attributes === null ? {} : { attributes };
    return client.ask({ method: "POST", path: `v1/decisions/${id}/replay`, body, schema: replaySchema });
  };
  return {
    list: (filter) => list(client, filter),
    find: async (given) =>
      client.ask({ method: "GET", path: `v1/decisions/${decisionIdOf(given)}`, schema: recordSchema }),
    replay: async (given, attributes) => replay(decisionIdOf(given), attributes),
    replayAll: (run) => {
      const pages = {
        page: (cursor: string | undefined) => page(client, { from: formatInstant(run.from), cursor }),
        replay: ({ decision_id: id }: RecordResponse) => replay(id, null),
      };
      return replaySpan(pages, run);
    },
    subject: async (given) => client.ask({ method: "GET", path: subjectPath(given), schema: subjectSchema }),
    erase: async (given) => client.ask({ method: "DELETE", path: subjectPath(given), schema: erasureSchema }),
  };
}

function subjectPath(given: string): string {
  return `v1/subjects${queryOf({ subject_id: subjectIdOf(given) })}`;
}

async function page(
  client: ApiClient,
  query: Readonly<Record<string, string | number | undefined>>,
): Promise<{ readonly items: readonly RecordResponse[]; readonly next: string | null }> {
  const path = `v1/decisions${queryOf({ limit: MAX_PAGE_SIZE, ...query })}`;
  const found = await client.ask({ method: "GET", path, schema: recordsSchema });
  return { items: found.decisions, next: found.next_cursor };
}

async function list(
  client: ApiClient,
  { experiment, flag, from, limit, subject }: RecordFilter,
): Promise<FoundRecords> {
  const query = {
    from: formatInstant(from),
    limit: Math.min(MAX_PAGE_SIZE, limit + 1),
    subject_id: subject,
    experiment_id: experiment === undefined ? undefined : await experimentId(client, experiment),
    flag,
  };
  const found: RecordResponse[] = [];
  let cursor: string | null | undefined;
  // One more tells whether there are more.
  while (cursor !== null && found.length <= limit) {
    const { items, next } = await page(client, { ...query, cursor });
    found.push(...items);
    cursor = next;
  }
  return { decisions: found.slice(0, limit), more: found.length > limit };
}

async function experimentId(client: ApiClient, name: string): Promise<string> {
  const [experiment] = await httpControlSource(client).experiments.list({ key: name });
  const id = experiment?.id ?? uuidOf(name);
  if (id === undefined) throw noExperiment(name);
  return id;
}
