import {
  auditPageSchema,
  chainVerdictSchema,
  type ControlProblem,
  controlProblemSchema,
  decideAnswerSchema,
  type DecisionResponse,
  experimentSchema,
  type ExperimentResponse,
  flagDiffSchema,
  flagSchema,
  type FlagResponse,
  launchGateSchema,
  previewSchema,
  reviewsSchema,
} from "@lotty/contracts";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Asked, AskOptions, PersonForTest } from "./person-for-test.ts";

/** An installation in which nothing has been made yet, and the three people who work with it. */
export interface LifeFixture {
  readonly url: string;
  readonly admin: PersonForTest;
  readonly experimenter: PersonForTest;
  readonly approver: PersonForTest;
  close(): Promise<void>;
}

const EXPERIMENT = {
  key: "green-button",
  rule: 'country == "DE"',
  traffic_allocation: "100.00",
  hypothesis: "Green is pressed more often",
  owner: "team checkout",
  planned_days: 14,
  variants: [
    { name: "control", value: "grey", weight: 50, is_control: true },
    { name: "green", value: "green", weight: 50 },
  ],
};

/** Plays the whole life of an experiment as three people, and looks at each stage at what subjects get. */
export function describeLifeOfAnExperiment(name: string, open: () => Promise<LifeFixture>): void {
  describe(`the life of an experiment ${name}`, () => {
    let fixture: LifeFixture;
    let flag: FlagResponse;
    let experiment: ExperimentResponse;

    beforeAll(async () => {
      fixture = await open();
    });

    afterAll(() => fixture.close());

    async function decide(subjectId: string): Promise<DecisionResponse> {
      const response = await fetch(`${fixture.url}/v1/decide`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ flag: "button", subject_id: subjectId, attributes: { country: "DE" } }),
      });
      const decision = decideAnswerSchema.parse(await response.json());
      if ("decisions" in decision) throw new TypeError("One decision was asked for.");
      return decision;
    }

    /** Waits until the process decides by the newest configuration. */
    async function expectDecision(reason: string, values: readonly unknown[]): Promise<void> {
      await vi.waitFor(
        async () => {
          const decision = await decide("ada");
          expect([decision.reason, values.includes(decision.value)]).toEqual([reason, true]);
        },
        { timeout: 10_000 },
      );
    }

    /** Does something with the experiment at its current version, and takes over what it is then. */
    async function act(person: PersonForTest, action: string, options: AskOptions = {}): Promise<Asked> {
      const path = `/v1/experiments/${experiment.id}/${action}`;
      const asked = await person.ask("POST", path, { ifMatch: experiment.version, ...options });
      if (asked.status === 200) experiment = experimentSchema.parse(asked.body);
      else expect(controlProblemSchema.parse(asked.body).status).toBe(asked.status);
      return asked;
    }

    function problem({ body }: Asked): ControlProblem {
      return controlProblemSchema.parse(body);
    }

    it("begins with the admin, who says who reviews whom", async () => {
      const { admin, approver, experimenter } = fixture;
      const body = { name: "checkout", experimenters: [experimenter.id], approvers: [approver.id], minimum: 1 };
      const made = await admin.ask("POST", "/v1/approver-groups", { body });
      expect(made).toMatchObject({ status: 201, body });
      expect((await experimenter.ask("POST", "/v1/approver-groups", { body })).status).toBe(403);
      expect(await approver.ask("GET", "/v1/approver-groups")).toMatchObject({
        status: 200,
        body: { approver_groups: [body] },
      });
    });

    it("needs a flag, which gives its default", async () => {
      const body = { key: "button", type: "string", default: "grey", tags: ["checkout"], owner: "team checkout" };
      const made = await fixture.experimenter.ask("POST", "/v1/flags", { body });
      expect(made).toMatchObject({ status: 201, body: { ...body, version: 1, enabled: true, archived_at: null } });
      flag = flagSchema.parse(made.body);
      expect(made.headers.get("location")).toBe(`/v1/flags/${flag.id}`);
      expect(made.headers.get("etag")).toBe('"1"');
      await expectDecision("no_active_experiment", ["grey"]);
    });

    it("is a draft at first, which nobody gets and nobody can start", async () => {
      const body = { ...EXPERIMENT, flag_id: flag.id };
      const made = await fixture.experimenter.ask("POST", "/v1/experiments", { body });
      expect(made).toMatchObject({ status: 201, body: { status: "draft", sticky_assignment: true, version: 1 } });
      experiment = experimentSchema.parse(made.body);
      expect(experiment.authors).toEqual([fixture.experimenter.id]);
      const refused = await act(fixture.experimenter, "start");
      expect(refused).toMatchObject({
        status: 409,
        body: { code: "transition_not_allowed", allowed: ["edit", "submit", "archive"] },
      });
      await expectDecision("no_active_experiment", ["grey"]);
    });

    it("is handed to its reviewers once the launch gate is open", async () => {
      const gate = await fixture.experimenter.ask("GET", `/v1/experiments/${experiment.id}/launch-gate`);
      expect(launchGateSchema.parse(gate.body).open).toBe(true);
      expect(await act(fixture.experimenter, "submit")).toMatchObject({ status: 200, body: { status: "in_review" } });
    });

    it("is approved by somebody else, who has seen this very version", async () => {
      const { approver, experimenter } = fixture;
      expect((await act(experimenter, "approve")).status).toBe(403);
      const unnamed = await approver.ask("POST", `/v1/experiments/${experiment.id}/approve`);
      expect(unnamed).toMatchObject({ status: 428, body: { code: "precondition_required" } });
      const outdated = await act(approver, "approve", { ifMatch: experiment.version - 1 });
      expect(outdated).toMatchObject({ status: 412, body: { code: "version_mismatch" } });
      const reviews = `/v1/experiments/${experiment.id}/reviews`;
      expect(await approver.ask("GET", reviews)).toMatchObject({
        body: { state: { satisfied: false, needs: [{ missing: 1, may_approve: [approver.id] }] }, reviews: [] },
      });
      const approved = await act(approver, "approve", { body: { comment: "Sound." } });
      expect(approved).toMatchObject({ status: 200, body: { status: "approved" } });
      const reviewed = await approver.ask("GET", reviews);
      expect(reviewsSchema.parse(reviewed.body)).toEqual(reviewed.body);
      expect(reviewed).toMatchObject({
        body: {
          state: { satisfied: true, approved_by: [approver.id] },
          reviews: [{ verdict: "approve", comment: "Sound.", reviewer_name: "ann" }],
        },
      });
    });

    it("loses the approval when it is edited, and gets it again", async () => {
      const { approver, experimenter } = fixture;
      const path = `/v1/experiments/${experiment.id}`;
      const edit = { body: { hypothesis: "Green is pressed twice as often" }, ifMatch: experiment.version };
      const edited = await experimenter.ask("PATCH", path, edit);
      expect(edited).toMatchObject({ status: 200, body: { status: "in_review", hypothesis: edit.body.hypothesis } });
      experiment = experimentSchema.parse(edited.body);
      expect((await act(experimenter, "start")).status).toBe(409);
      expect(await act(approver, "approve")).toMatchObject({ status: 200, body: { status: "approved" } });
    });

    it("takes subjects once it is started", async () => {
      expect(await act(fixture.experimenter, "start")).toMatchObject({ status: 200, body: { status: "running" } });
      expect(experiment.started_at).not.toBeNull();
      await expectDecision("experiment_assigned", ["grey", "green"]);
    });

    it("can be paused by the approver as well, at once, and goes on", async () => {
      const paused = await fixture.approver.ask("POST", `/v1/experiments/${experiment.id}/pause`);
      expect(paused).toMatchObject({ status: 200, body: { status: "paused" } });
      experiment = experimentSchema.parse(paused.body);
      await expectDecision("no_active_experiment", ["grey"]);
      expect(await act(fixture.experimenter, "resume")).toMatchObject({ status: 200, body: { status: "running" } });
      await expectDecision("experiment_assigned", ["grey", "green"]);
    });

    it("takes a change of who gets what only as a proposal that is approved", async () => {
      const { approver, experimenter } = fixture;
      const edit = { traffic_allocation: 50.5 };
      const preview = await approver.ask("POST", `/v1/experiments/${experiment.id}/preview`, { body: edit });
      expect(previewSchema.parse(preview.body).subjects).toBeGreaterThanOrEqual(0);
      const proposed = await act(experimenter, "edit", { body: edit });
      expect(proposed).toMatchObject({
        status: 200,
        body: { traffic_allocation: "100.00", proposal: { traffic_allocation: "50.50" } },
      });
      const early = await act(experimenter, "apply-edit", { body: { confirm: true } });
      expect(early).toMatchObject({ status: 422, body: { code: "approvals_missing" } });
      expect(problem(early).refusals?.[0]?.review?.needs).toMatchObject([{ missing: 1 }]);
      expect((await act(approver, "approve")).status).toBe(200);
      const applied = await act(experimenter, "apply-edit", { body: { confirm: true } });
      expect(applied).toMatchObject({ status: 200, body: { traffic_allocation: "50.50", proposal: null } });
      // Who has a variant keeps it: the experiment is sticky.
      await expectDecision("experiment_assigned", ["grey", "green"]);
    });

    it("ends with a winner, whose value is the flag's default from then on", async () => {
      const { experimenter } = fixture;
      const silent = await act(experimenter, "complete", { body: { outcome: "rollout_winner", comment: " " } });
      expect(problem(silent)).toMatchObject({ status: 422, code: "invalid_field" });
      expect(problem(silent).refusals?.map(({ field }) => field)).toEqual(["comment", "variant"]);
      const body = { outcome: "rollout_winner", variant: "green", comment: "Pressed twice as often." };
      const completed = await act(experimenter, "complete", { body });
      expect(completed).toMatchObject({
        status: 200,
        body: { status: "completed", outcome: { outcome: "rollout_winner", comment: body.comment } },
      });
      await vi.waitFor(async () => expect((await decide("ada")).value).toBe("green"), { timeout: 10_000 });
      expect(await experimenter.ask("GET", `/v1/flags/${flag.id}`)).toMatchObject({
        body: { default: "green", version: 2 },
      });
      const diff = await experimenter.ask("GET", `/v1/flags/${flag.id}/diff?from=1&to=2`);
      expect(flagDiffSchema.parse(diff.body)).toEqual({
        differences: [{ field: "default", before: "grey", after: "green" }],
      });
    });

    it("is put away, and cannot be touched any more", async () => {
      expect(await act(fixture.experimenter, "archive")).toMatchObject({ status: 200, body: { allowed: [] } });
      const again = await act(fixture.experimenter, "start");
      expect(again).toMatchObject({ status: 409, body: { code: "transition_not_allowed", allowed: [] } });
    });

    it("is on record, step by step and by whom, in a chain that holds", async () => {
      const { admin, experimenter } = fixture;
      const page = await admin.ask("GET", `/v1/audit?kind=experiment&entity_id=${experiment.id}`);
      const { entries } = auditPageSchema.parse(page.body);
      expect(entries.map(({ action, actor_name: who }) => `${who}: ${action}`).toReversed()).toEqual([
        "eve: experiment.create",
        "eve: experiment.submit",
        "ann: experiment.approve",
        "eve: experiment.edit",
        "ann: experiment.approve",
        "eve: experiment.start",
        "ann: experiment.pause",
        "eve: experiment.resume",
        "eve: experiment.propose_edit",
        "ann: experiment.approve",
        "eve: experiment.apply_edit",
        "eve: experiment.complete",
        "eve: experiment.archive",
      ]);
      const all = String((await admin.ask("GET", "/v1/audit/export")).body)
        .trimEnd()
        .split("\n");
      const verified = await admin.ask("GET", "/v1/audit/verify");
      expect(chainVerdictSchema.parse(verified.body)).toMatchObject({ ok: true, entries: all.length });
      expect((await experimenter.ask("GET", "/v1/audit")).status).toBe(403);
    });
  });
}
