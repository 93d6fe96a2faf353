import { allowedActions, LIFECYCLE_ACTIONS, type LifecycleAction } from "@lotty/control-plane";
import { DEFAULT_ENVIRONMENT_ID, EXPERIMENT_STATUSES, type ExperimentStatus } from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PersonForTest } from "../../testing/person-for-test.ts";
import { type ServedControl, serveControl } from "../../testing/serve-control.ts";

let server: ServedControl;
let admin: PersonForTest;

const FLAG_ID = "00000000-0000-7000-8000-0000000f1a90";

/** An experiment in each status, by its place among the statuses. */
function idOf(status: ExperimentStatus): string {
  return `00000000-0000-7000-8000-00000000000${EXPERIMENT_STATUSES.indexOf(status)}`;
}

/** A sound body for each action. */
const BODIES: Readonly<Partial<Record<LifecycleAction, unknown>>> = {
  edit: { owner: "team checkout" },
  request_changes: { comment: "Why?" },
  reject: { comment: "No." },
  rollback: { reason: "Harm." },
  complete: { outcome: "no_effect", comment: "Nothing." },
};

beforeAll(async () => {
  server = await serveControl();
  admin = await server.person("root", ["admin"]);
  const { revision } = await server.store.load(DEFAULT_ENVIRONMENT_ID);
  const versioned = { version: 1, updatedAt: 1_790_000_000_000_000 };
  const flag = { id: FLAG_ID, key: "f", valueType: "string", defaultValue: "", enabled: true, rules: [] } as const;
  await server.store.apply(
    DEFAULT_ENVIRONMENT_ID,
    {
      putFlags: [{ ...flag, ...versioned }],
      putExperiments: EXPERIMENT_STATUSES.map((status) => ({
        id: idOf(status),
        key: status,
        flagId: FLAG_ID,
        status,
        ...versioned,
        targetingRules: null,
        trafficAllocation: 0,
        variants: [],
        hashVersion: 1,
        stickyAssignment: true,
      })),
    },
    revision,
  );
});

afterAll(() => server.close(0));

function act(action: LifecycleAction, status: ExperimentStatus): ReturnType<PersonForTest["ask"]> {
  const body = BODIES[action];
  const path = `/v1/experiments/${idOf(status)}/${action.replaceAll("_", "-")}`;
  return admin.ask("POST", path, { ifMatch: 1, ...(body !== undefined && { body }) });
}

const forbidden = EXPERIMENT_STATUSES.flatMap((status) =>
  LIFECYCLE_ACTIONS.filter((action) => !allowedActions(status).includes(action)).map((action) => ({ action, status })),
);

describe("an action that the status does not take", () => {
  it.each(forbidden)("is refused with what would be allowed: $action of $status", async ({ action, status }) => {
    const refused = await act(action, status);
    const allowed = allowedActions(status);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(refused).toMatchObject({
      status: 409,
      body: {
        status: 409,
        code: "transition_not_allowed",
        allowed,
        refusals: [{ code: "transition_not_allowed", action, status, allowed }],
      },
    });
  });

  it("changes nothing", async () => {
    expect(server.controlStore.entries).toEqual([]);
    const { experiments } = await server.store.load(DEFAULT_ENVIRONMENT_ID);
    expect(new Set(experiments.map(({ version }) => version))).toEqual(new Set([1]));
  });
});

describe("an experiment that lacks everything", () => {
  it("is not let through the launch gate, which says what blocks", async () => {
    const path = `/v1/experiments/${idOf("draft")}`;
    const refused = await act("submit", "draft");
    expect(refused).toMatchObject({ status: 422, body: { code: "launch_blocked" } });
    const gate = await admin.ask("GET", `${path}/launch-gate`);
    expect(gate).toMatchObject({ status: 200, body: { open: false } });
    const { findings } = gate.body as { readonly findings: readonly { code: string; severity: string }[] };
    const blocking = findings.filter(({ severity }) => severity === "blocks").map(({ code }) => code);
    expect(blocking).toEqual(expect.arrayContaining(["too_few_variants", "no_control", "no_traffic", "missing_owner"]));
    const { refusals } = refused.body as { readonly refusals: readonly { readonly findings: unknown }[] };
    expect(refusals[0]?.findings).toEqual(findings);
  });
});

describe("who may pause", () => {
  it("is up to the control plane: a viewer may not", async () => {
    const viewer = await server.person("vera", ["viewer"]);
    const refused = await viewer.ask("POST", `/v1/experiments/${idOf("running")}/pause`);
    const roles = ["admin", "experimenter", "approver"];
    expect(refused).toMatchObject({ status: 403, body: { code: "forbidden", refusals: [{ roles }] } });
  });
});
