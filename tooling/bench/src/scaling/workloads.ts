import { DEMO_FLAGS } from "../http/demo-flags.ts";
import { assigningRequest, post } from "../http/requests.ts";

/** Something that callers ask of an API in `async` mode. */
export interface Workload {
  readonly name: string;
  readonly request: () => string;
  readonly decisionsPerRequest: number;
}

/** All flags of `demo/lotty.yaml`. */
const ALL_FLAGS = [
  DEMO_FLAGS.forEverybody,
  DEMO_FLAGS.targeted,
  "pricing-page",
  "onboarding-checklist",
  "support-chat",
] as const;

let subjects = 0;

function newSubject(): string {
  subjects += 1;
  return `reader-${subjects}`;
}

/** The dearest decision, the cheapest one, and a page that asks for everything at once. */
export const WORKLOADS: readonly Workload[] = [
  {
    name: "an assignment, committed",
    request: assigningRequest,
    decisionsPerRequest: 1,
  },
  {
    name: "no experiment, queued",
    request: () =>
      post("/v1/decide", {
        flag: "support-chat",
        subject_id: newSubject(),
        attributes: { country: "US", plan: "pro" },
      }),
    decisionsPerRequest: 1,
  },
  {
    name: "5 flags in one request, 1 of them committed",
    request: () =>
      post("/v1/decide", {
        flags: ALL_FLAGS,
        subject_id: newSubject(),
        attributes: { country: "US", plan: "pro", is_employee: false },
      }),
    decisionsPerRequest: ALL_FLAGS.length,
  },
];
