import { livezSchema, type PlacedOperation, readyzSchema } from "@lotty/contracts";

const TAGS = ["Operations"];
const PUBLIC = { kind: "public" } as const;

/** What those who run the system ask for. They are answered by `@lotty/runtime`, in every process alike, without a route. */
export const OPERATIONS_ROUTES: readonly PlacedOperation[] = [
  {
    method: "GET",
    path: "/livez",
    access: PUBLIC,
    operation: {
      id: "livez",
      summary: "Whether the process lives",
      tags: TAGS,
      answers: { 200: { description: "It does.", schema: livezSchema } },
    },
  },
  {
    method: "GET",
    path: "/readyz",
    access: PUBLIC,
    operation: {
      id: "readyz",
      summary: "Whether the process wants requests",
      tags: TAGS,
      answers: {
        200: { description: "It does.", schema: readyzSchema },
        503: { description: "It does not: it starts, lacks something, or is about to stop.", schema: readyzSchema },
      },
    },
  },
  {
    method: "GET",
    path: "/metrics",
    access: { kind: "scope", scope: "read", role: "viewer" },
    operation: {
      id: "metrics",
      summary: "Figures for Prometheus",
      tags: TAGS,
      answers: { 200: { description: "The text format of Prometheus.", mediaType: "text/plain" } },
    },
  },
];
