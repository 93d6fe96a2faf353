import {
  approverGroupSchema,
  approverGroupsSchema,
  auditPageSchema,
  chainVerdictSchema,
  conflictDomainSchema,
  conflictDomainsSchema,
  eventTypeSchema,
  eventTypesSchema,
  experimentSchema,
  experimentsSchema,
  flagDiffSchema,
  flagSchema,
  flagsSchema,
  flagVersionsSchema,
  launchGateSchema,
  MAX_PAGE_SIZE,
  MAX_VERSIONS,
  overlapSchema,
  previewSchema,
  reviewsSchema,
  segmentSchema,
  segmentsSchema,
  staleFlagsSchema,
} from "@lotty/contracts";
import { certificateSchema } from "@lotty/contracts/certificate";
import { definitionsSchema } from "@lotty/contracts/definitions";
import { z } from "zod";
import { httpResults } from "../results/http-results.ts";
import type { ApiClient } from "../sources/api-client.ts";
import { allOf, queryOf } from "./api-pages.ts";
import type {
  ApproverGroupSource,
  AuditSource,
  ControlSource,
  DefinitionsSource,
  DomainSource,
  EventTypeSource,
  ExperimentSource,
  FlagSource,
  SegmentSource,
} from "./control-source.ts";
import { httpMetrics } from "./http-metrics.ts";

/** The answer to a removal: there is none. */
const GONE = z.undefined();

/** Works through a running API. */
export function httpControlSource(client: ApiClient): ControlSource {
  return {
    results: httpResults(client),
    location: client.address,
    flags: flagsOf(client),
    experiments: experimentsOf(client),
    segments: segmentsOf(client),
    eventTypes: eventTypesOf(client),
    metrics: httpMetrics(client),
    domains: domainsOf(client),
    groups: groupsOf(client),
    audit: auditOf(client),
    definitions: definitionsOf(client),
  };
}

/** `If-Match` for a change that any version will do for, unless one is named. */
function ifMatch(version: number | undefined): number | "*" {
  return version ?? "*";
}

function flagsOf(client: ApiClient): FlagSource {
  const one = (id: string): string => `v1/flags/${id}`;
  return {
    list: (filter) =>
      allOf(async (cursor) => {
        const path = `v1/flags${queryOf({ ...filter, limit: MAX_PAGE_SIZE, cursor })}`;
        const page = await client.ask({ method: "GET", path, schema: flagsSchema });
        return { items: page.flags, next: page.next_cursor };
      }),
    find: (id) => client.ask({ method: "GET", path: one(id), schema: flagSchema }),
    create: (body) => client.ask({ method: "POST", path: "v1/flags", body, schema: flagSchema }),
    edit: (id, ifVersion, body) => client.ask({ method: "PATCH", path: one(id), ifVersion, body, schema: flagSchema }),
    act: (id, action, version) =>
      client.ask({ method: "POST", path: `${one(id)}/${action}`, ifVersion: ifMatch(version), schema: flagSchema }),
    restore: (id, to, version) => {
      const request = { path: `${one(id)}/restore`, ifVersion: ifMatch(version), body: { version: to } };
      return client.ask({ method: "POST", ...request, schema: flagSchema });
    },
    remove: (id, version) => client.ask({ method: "DELETE", path: one(id), ifVersion: ifMatch(version), schema: GONE }),
    versions: (id, limit) =>
      allOf(async (cursor) => {
        const path = `${one(id)}/versions${queryOf({ limit: Math.min(limit, MAX_VERSIONS), cursor })}`;
        const page = await client.ask({ method: "GET", path, schema: flagVersionsSchema });
        return { items: page.versions, next: page.next_cursor };
      }, limit),
    diff: async (id, span) => {
      const path = `${one(id)}/diff${queryOf(span)}`;
      return (await client.ask({ method: "GET", path, schema: flagDiffSchema })).differences;
    },
    stale: async (days) => {
      const path = `v1/stale-flags${queryOf({ days })}`;
      return (await client.ask({ method: "GET", path, schema: staleFlagsSchema })).flags;
    },
  };
}

function experimentsOf(client: ApiClient): ExperimentSource {
  const one = (id: string): string => `v1/experiments/${id}`;
  const schema = experimentSchema;
  return {
    list: (filter) =>
      allOf(async (cursor) => {
        const path = `v1/experiments${queryOf({ ...filter, limit: MAX_PAGE_SIZE, cursor })}`;
        const page = await client.ask({ method: "GET", path, schema: experimentsSchema });
        return { items: page.experiments, next: page.next_cursor };
      }),
    find: (id) => client.ask({ method: "GET", path: one(id), schema }),
    create: (body) => client.ask({ method: "POST", path: "v1/experiments", body, schema }),
    edit: (id, ifVersion, body) => client.ask({ method: "PATCH", path: one(id), ifVersion, body, schema }),
    preview: (id, body) => client.ask({ method: "POST", path: `${one(id)}/preview`, body, schema: previewSchema }),
    launchGate: (id) => client.ask({ method: "GET", path: `${one(id)}/launch-gate`, schema: launchGateSchema }),
    reviews: (id) => client.ask({ method: "GET", path: `${one(id)}/reviews`, schema: reviewsSchema }),
    certificate: (id) => client.ask({ method: "GET", path: `${one(id)}/certificate`, schema: certificateSchema }),
    act: (id, action, { body, version }) => {
      const request = { path: `${one(id)}/${action}`, ifVersion: ifMatch(version), ...(body && { body }) };
      return client.ask({ method: "POST", ...request, schema });
    },
    remove: (id, version) => client.ask({ method: "DELETE", path: one(id), ifVersion: ifMatch(version), schema: GONE }),
  };
}

function segmentsOf(client: ApiClient): SegmentSource {
  const schema = segmentSchema;
  return {
    list: async () => (await client.ask({ method: "GET", path: "v1/segments", schema: segmentsSchema })).segments,
    create: (body) => client.ask({ method: "POST", path: "v1/segments", body, schema }),
    edit: (id, ifVersion, body) => client.ask({ method: "PATCH", path: `v1/segments/${id}`, ifVersion, body, schema }),
    remove: (id, version) =>
      client.ask({ method: "DELETE", path: `v1/segments/${id}`, ifVersion: ifMatch(version), schema: GONE }),
  };
}

function eventTypesOf(client: ApiClient): EventTypeSource {
  const [path, schema] = ["v1/event-types", eventTypeSchema] as const;
  return {
    list: async () => (await client.ask({ method: "GET", path, schema: eventTypesSchema })).event_types,
    create: (body) => client.ask({ method: "POST", path, body, schema }),
    edit: (key, ifVersion, body) =>
      client.ask({ method: "PATCH", path: `${path}/${encodeURIComponent(key)}`, ifVersion, body, schema }),
  };
}

function domainsOf(client: ApiClient): DomainSource {
  const schema = conflictDomainSchema;
  return {
    list: async () => (await client.ask({ method: "GET", path: "v1/domains", schema: conflictDomainsSchema })).domains,
    create: (body) => client.ask({ method: "POST", path: "v1/domains", body, schema }),
    edit: (id, body) => client.ask({ method: "PATCH", path: `v1/domains/${id}`, body, schema }),
    remove: (id) => client.ask({ method: "DELETE", path: `v1/domains/${id}`, schema: GONE }),
    overlap: (id, days) =>
      client.ask({ method: "GET", path: `v1/domains/${id}/overlap${queryOf({ days })}`, schema: overlapSchema }),
  };
}

function groupsOf(client: ApiClient): ApproverGroupSource {
  const path = "v1/approver-groups";
  const schema = approverGroupSchema;
  return {
    list: async () => (await client.ask({ method: "GET", path, schema: approverGroupsSchema })).approver_groups,
    put: (id, body) =>
      id === undefined
        ? client.ask({ method: "POST", path, body, schema })
        : client.ask({ method: "PUT", path: `${path}/${id}`, body, schema }),
    remove: (id) => client.ask({ method: "DELETE", path: `${path}/${id}`, schema: GONE }),
  };
}

function auditOf(client: ApiClient): AuditSource {
  return {
    list: (question, limit) =>
      allOf(async (cursor) => {
        const path = `v1/audit${queryOf({ ...question, limit: Math.min(limit, MAX_PAGE_SIZE), cursor })}`;
        const page = await client.ask({ method: "GET", path, schema: auditPageSchema });
        return { items: page.entries, next: page.next_cursor };
      }, limit),
    export: (question, format) => client.download(`v1/audit/export${queryOf({ ...question, format })}`),
    verify: (head) =>
      client.ask({ method: "GET", path: `v1/audit/verify${queryOf({ ...head })}`, schema: chainVerdictSchema }),
  };
}

function definitionsOf(client: ApiClient): DefinitionsSource {
  const path = "v1/definitions";
  const schema = definitionsSchema;
  return {
    plan: ({ prune, text }) => client.ask({ method: "POST", path, body: { text, prune }, schema }),
    apply: ({ prune, text }, revision) =>
      client.ask({ method: "POST", path, body: { text, prune, apply: true, revision }, schema }),
    export: async (format) => {
      let text = "";
      for await (const piece of client.download(`${path}${queryOf({ format })}`)) text += piece;
      return text;
    },
  };
}
