import { DEFAULT_ENVIRONMENT_ID, EXPERIMENT_STATUSES, type Experiment } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { beforeEach, describe, expect, it, test } from "vitest";
import { verifyChain } from "../audit/verify-chain.ts";
import { allowedActions, LIFECYCLE_ACTIONS, type LifecycleAction } from "../experiments/lifecycle.ts";
import {
  ANN,
  by,
  controlFixture,
  done,
  drafted,
  EVE,
  launched,
  person,
  refusalCodes,
  ROOT,
  soundDraft,
  type ControlFixture,
} from "../testing/control-fixture.ts";
import type { CommandResult } from "./command.ts";
import type { ExperimentResult } from "./experiment-command.ts";

const BOB = person("bob", "approver", "experimenter");

let fixture: ControlFixture<MemoryControlPorts>;
beforeEach(() => {
  fixture = controlFixture(memoryControlPorts());
});

function stored(id: string): Promise<Experiment | undefined> {
  return fixture.ports.store
    .load(DEFAULT_ENVIRONMENT_ID)
    .then(({ experiments }) => experiments.find((experiment) => experiment.id === id));
}

async function versionOf(id: string): Promise<number> {
  return (await stored(id))?.version ?? 0;
}

async function approve(experimentId: string, actor = ANN): Promise<CommandResult<ExperimentResult>> {
  const expectedVersion = await versionOf(experimentId);
  return fixture.experiments.approve({ ...by(actor), experimentId, expectedVersion, comment: null });
}

async function edit(
  experimentId: string,
  fields: Parameters<typeof fixture.experiments.edit>[0]["edit"],
  actor = EVE,
): Promise<CommandResult<ExperimentResult>> {
  const expectedVersion = await versionOf(experimentId);
  return fixture.experiments.edit({ ...by(actor), experimentId, expectedVersion, edit: fields });
}

describe("the life of an experiment", () => {
  it("goes from a draft to its archive, each step a version and an entry on record", async () => {
    const { experiment, flag } = await drafted(fixture);
    const experimentId = experiment.id;
    const statuses: string[] = [experiment.status];
    const note = (result: CommandResult<ExperimentResult>): void => {
      statuses.push(done(result).experiment.status);
    };
    note(await fixture.experiments.submit({ ...by(EVE), experimentId }));
    note(await approve(experimentId));
    note(await fixture.experiments.start({ ...by(EVE), experimentId }));
    note(await fixture.experiments.pause({ ...by(ANN), experimentId }));
    note(await fixture.experiments.resume({ ...by(EVE), experimentId }));
    const outcome = { kind: "rollout_winner", variant: "green", comment: "Pressed 3 % more often." } as const;
    note(await fixture.experiments.complete({ ...by(EVE), experimentId, outcome }));
    note(await fixture.experiments.archive({ ...by(EVE), experimentId }));
    expect(statuses).toStrictEqual([
      "draft",
      "in_review",
      "approved",
      "running",
      "paused",
      "running",
      "completed",
      "archived",
    ]);
    expect(await versionOf(experimentId)).toBe(statuses.length);
    const { entries } = fixture.ports.store;
    expect(entries.map(({ action }) => action)).toStrictEqual([
      "flag.create",
      "experiment.create",
      "experiment.submit",
      "experiment.approve",
      "experiment.start",
      "experiment.pause",
      "experiment.resume",
      "experiment.complete",
      "flag.roll_out",
      "experiment.archive",
    ]);
    expect(entries[5]).toMatchObject({
      actor: { id: "ann", name: "ann", kind: "user" },
      from: "127.0.0.1",
      entity: { kind: "experiment", id: experimentId, key: "green-button" },
      environmentId: DEFAULT_ENVIRONMENT_ID,
      before: { status: "running", version: 4 },
      after: { status: "paused", version: 5 },
    });
    expect(await verifyChain(entries, { head: await fixture.ports.store.auditHead() })).toMatchObject({ ok: true });
    const { flags } = await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID);
    expect(flags).toMatchObject([{ id: flag.id, defaultValue: "green", version: flag.version + 1 }]);
  });

  it("is on record with who said what", async () => {
    const { experiment } = await launched(fixture);
    const details = await fixture.ports.store.experimentDetails(DEFAULT_ENVIRONMENT_ID, experiment.id);
    expect(details).toMatchObject({ authors: ["eve"], submittedBy: "eve", startedAt: fixture.ports.clock.now() });
    expect(await fixture.ports.store.reviews(DEFAULT_ENVIRONMENT_ID, experiment.id)).toMatchObject([
      { reviewerId: "ann", verdict: "approve", version: 2 },
    ]);
  });

  const COMMANDS: Readonly<
    Record<LifecycleAction, (id: string, version: number) => Promise<CommandResult<ExperimentResult>>>
  > = {
    edit: (experimentId, expectedVersion) =>
      fixture.experiments.edit({ ...by(ROOT), experimentId, expectedVersion, edit: { description: "new" } }),
    submit: (experimentId) => fixture.experiments.submit({ ...by(ROOT), experimentId }),
    approve: (experimentId, expectedVersion) =>
      fixture.experiments.approve({ ...by(ROOT), experimentId, expectedVersion, comment: null }),
    request_changes: (experimentId, expectedVersion) =>
      fixture.experiments.requestChanges({ ...by(ROOT), experimentId, expectedVersion, comment: "c" }),
    reject: (experimentId, expectedVersion) =>
      fixture.experiments.reject({ ...by(ROOT), experimentId, expectedVersion, comment: "c" }),
    withdraw_approval: (experimentId) => fixture.experiments.withdrawApproval({ ...by(ROOT), experimentId }),
    start: (experimentId) => fixture.experiments.start({ ...by(ROOT), experimentId }),
    pause: (experimentId) => fixture.experiments.pause({ ...by(ROOT), experimentId }),
    rollback: (experimentId) => fixture.experiments.rollback({ ...by(ROOT), experimentId, reason: "harm" }),
    resume: (experimentId) => fixture.experiments.resume({ ...by(ROOT), experimentId }),
    apply_edit: (experimentId) => fixture.experiments.applyEdit({ ...by(ROOT), experimentId, confirm: true }),
    complete: (experimentId) =>
      fixture.experiments.complete({ ...by(ROOT), experimentId, outcome: { kind: "no_effect", comment: "c" } }),
    archive: (experimentId) => fixture.experiments.archive({ ...by(ROOT), experimentId }),
  };

  const pairs = LIFECYCLE_ACTIONS.flatMap((action) => EXPERIMENT_STATUSES.map((status) => [action, status] as const));

  test.each(pairs)(
    "%s of an experiment that is %s is refused exactly when the table says so",
    async (action, status) => {
      const { experiment } = await drafted(fixture);
      const { store } = fixture.ports;
      const { revision } = await store.load(DEFAULT_ENVIRONMENT_ID);
      const placed = { ...experiment, status };
      await store.commit(
        DEFAULT_ENVIRONMENT_ID,
        { configuration: { putExperiments: [placed] }, audit: (head) => [{ ...store.entries[0]!, ...head }] },
        revision,
      );
      const result = await COMMANDS[action](experiment.id, experiment.version);
      const isInTable = allowedActions(status).includes(action);
      expect(refusalCodes(result).includes("transition_not_allowed")).toBe(!isInTable);
      if (!isInTable) expect(await stored(experiment.id)).toStrictEqual(placed);
    },
  );
});

describe("a review", () => {
  it("is not done by the author", async () => {
    const own = person("eve", "experimenter", "approver");
    const { experiment } = await drafted(fixture);
    done(await fixture.experiments.submit({ ...by(own), experimentId: experiment.id }));
    expect(refusalCodes(await approve(experiment.id, own))).toStrictEqual(["self_approval"]);
  });

  it("is done by the author where a single person runs everything", async () => {
    fixture = controlFixture(memoryControlPorts(), { allowSelfApproval: true });
    const { experiment } = await drafted(fixture);
    done(await fixture.experiments.submit({ ...by(ROOT), experimentId: experiment.id }));
    expect(done(await approve(experiment.id, ROOT)).experiment.status).toBe("approved");
  });

  it("takes as many approvals as the group of the submitter asks for", async () => {
    const group = { name: "shop", experimenters: ["eve"], approvers: ["ann", "bob", "cid"], minimum: 2 };
    done(await fixture.groups.put({ ...by(ROOT), group }));
    const { experiment } = await drafted(fixture);
    done(await fixture.experiments.submit({ ...by(EVE), experimentId: experiment.id }));
    expect(refusalCodes(await approve(experiment.id, ROOT))).toStrictEqual(["not_an_approver"]);
    expect(done(await approve(experiment.id)).experiment.status).toBe("in_review");
    expect(refusalCodes(await approve(experiment.id))).toStrictEqual(["already_approved"]);
    expect(done(await approve(experiment.id, BOB)).experiment.status).toBe("approved");
  });

  it("is of the version that the reviewer has seen", async () => {
    const { experiment } = await drafted(fixture);
    done(await fixture.experiments.submit({ ...by(EVE), experimentId: experiment.id }));
    const seen = await versionOf(experiment.id);
    done(await edit(experiment.id, { trafficAllocation: 5_000 }));
    const late = await fixture.experiments.approve({
      ...by(ANN),
      experimentId: experiment.id,
      expectedVersion: seen,
      comment: null,
    });
    expect(late).toMatchObject({ refusals: [{ code: "version_mismatch", expected: seen, current: seen + 1 }] });
  });

  it("is void when the experiment changes after it", async () => {
    const { experiment } = await drafted(fixture);
    done(await fixture.experiments.submit({ ...by(EVE), experimentId: experiment.id }));
    done(await approve(experiment.id));
    const changed = done(await edit(experiment.id, { trafficAllocation: 5_000 }));
    expect(changed.experiment.status).toBe("in_review");
    expect(refusalCodes(await fixture.experiments.start({ ...by(EVE), experimentId: experiment.id }))).toStrictEqual([
      "transition_not_allowed",
    ]);
    expect(done(await approve(experiment.id)).experiment.status).toBe("approved");
  });

  it("stands when only the looks of the experiment change", async () => {
    const { experiment } = await drafted(fixture);
    done(await fixture.experiments.submit({ ...by(EVE), experimentId: experiment.id }));
    done(await approve(experiment.id));
    const changed = done(await edit(experiment.id, { description: "Which button?", owner: "team b" }));
    expect(changed.experiment.status).toBe("approved");
    expect(done(await fixture.experiments.start({ ...by(EVE), experimentId: experiment.id })).experiment.status).toBe(
      "running",
    );
  });

  it("is void when the hypothesis changes after it", async () => {
    const { experiment } = await drafted(fixture);
    done(await fixture.experiments.submit({ ...by(EVE), experimentId: experiment.id }));
    done(await approve(experiment.id));
    expect(done(await edit(experiment.id, { hypothesis: "Something else" })).experiment.status).toBe("in_review");
  });

  it("begins anew with each submission", async () => {
    const { experiment } = await drafted(fixture);
    const experimentId = experiment.id;
    const group = { name: "shop", experimenters: ["eve"], approvers: ["ann", "bob"], minimum: 2 };
    done(await fixture.groups.put({ ...by(ROOT), group }));
    done(await fixture.experiments.submit({ ...by(EVE), experimentId }));
    done(await approve(experimentId));
    const expectedVersion = await versionOf(experimentId);
    done(await fixture.experiments.requestChanges({ ...by(BOB), experimentId, expectedVersion, comment: "Why?" }));
    done(await fixture.experiments.submit({ ...by(EVE), experimentId }));
    expect(done(await approve(experimentId, BOB)).experiment.status).toBe("in_review");
  });

  it("can be withdrawn until the start, which then waits for another", async () => {
    const { experiment } = await drafted(fixture);
    const experimentId = experiment.id;
    done(await fixture.experiments.submit({ ...by(EVE), experimentId }));
    expect(refusalCodes(await fixture.experiments.withdrawApproval({ ...by(ANN), experimentId }))).toStrictEqual([
      "no_approval",
    ]);
    done(await approve(experimentId));
    const withdrawn = done(await fixture.experiments.withdrawApproval({ ...by(ANN), experimentId }));
    expect(withdrawn.experiment.status).toBe("in_review");
    done(await approve(experimentId, BOB));
    done(await fixture.experiments.start({ ...by(EVE), experimentId }));
    expect(refusalCodes(await fixture.experiments.withdrawApproval({ ...by(BOB), experimentId }))).toStrictEqual([
      "nothing_to_review",
    ]);
  });

  it("says in words what is to be changed", async () => {
    const { experiment } = await drafted(fixture);
    const experimentId = experiment.id;
    done(await fixture.experiments.submit({ ...by(EVE), experimentId }));
    const expectedVersion = await versionOf(experimentId);
    for (const say of [fixture.experiments.requestChanges, fixture.experiments.reject]) {
      const result = await say({ ...by(ANN), experimentId, expectedVersion, comment: " " });
      expect(result).toMatchObject({ refusals: [{ code: "invalid_field", field: "comment" }] });
    }
    const rejected = await fixture.experiments.reject({
      ...by(ANN),
      experimentId,
      expectedVersion,
      comment: "Unethical.",
    });
    expect(done(rejected).experiment.status).toBe("rejected");
  });

  it("counts the groups as they are at the start", async () => {
    const { experiment } = await drafted(fixture);
    done(await fixture.experiments.submit({ ...by(EVE), experimentId: experiment.id }));
    done(await approve(experiment.id));
    const group = { name: "legal", experimenters: ["eve"], approvers: ["lea"], minimum: 1 };
    done(await fixture.groups.put({ ...by(ROOT), group }));
    const started = await fixture.experiments.start({ ...by(EVE), experimentId: experiment.id });
    expect(started).toMatchObject({
      refusals: [
        {
          code: "approvals_missing",
          message: "Approvals are missing: 1 of 1 of legal.",
          review: { needs: [{ group: { name: "legal" }, mayApprove: ["lea"] }] },
        },
      ],
    });
  });
});

describe("an edit of a running experiment", () => {
  const TENTH = { trafficAllocation: 1_000 };

  async function proposed(): Promise<string> {
    const { experiment } = await launched(fixture);
    const before = await stored(experiment.id);
    const { experiment: after, details } = done(await edit(experiment.id, TENTH));
    expect(after).toStrictEqual({ ...before, version: (before?.version ?? 0) + 1 });
    expect(details.proposal).toMatchObject({ content: TENTH, proposedBy: "eve" });
    return experiment.id;
  }

  function apply(experimentId: string, confirm = false): Promise<CommandResult<ExperimentResult>> {
    return fixture.experiments.applyEdit({ ...by(EVE), experimentId, confirm });
  }

  it("waits for an approval by somebody else", async () => {
    const id = await proposed();
    expect(refusalCodes(await apply(id, true))).toStrictEqual(["approvals_missing"]);
    expect(refusalCodes(await approve(id, person("eve", "approver")))).toStrictEqual(["self_approval"]);
    expect(done(await approve(id)).experiment).toMatchObject({ status: "running", trafficAllocation: 10_000 });
    const applied = done(await apply(id, true));
    expect(applied.experiment).toMatchObject({ status: "running", trafficAllocation: 1_000 });
    expect(applied.details.proposal).toBeNull();
  });

  it("has to be approved anew when it is proposed otherwise", async () => {
    const id = await proposed();
    done(await approve(id));
    done(await edit(id, { trafficAllocation: 2_000 }));
    expect(refusalCodes(await apply(id))).toStrictEqual(["approvals_missing"]);
  });

  it("is dropped when a reviewer asks for another", async () => {
    const id = await proposed();
    done(await approve(id));
    const expectedVersion = await versionOf(id);
    const asked = await fixture.experiments.requestChanges({
      ...by(BOB),
      experimentId: id,
      expectedVersion,
      comment: "No",
    });
    expect(done(asked).details.proposal).toBeNull();
    expect(done(asked).experiment).toMatchObject({ status: "running", trafficAllocation: 10_000 });
    expect(refusalCodes(await apply(id))).toStrictEqual(["nothing_to_review"]);
    expect(refusalCodes(await approve(id))).toStrictEqual(["nothing_to_review"]);
    const standing = await fixture.experiments.standing({ ...by(EVE), experimentId: id });
    expect(standing).toMatchObject({ result: { review: { approvedBy: [] } } });
  });

  it("has to be confirmed when it moves anyone", async () => {
    const id = await proposed();
    done(await approve(id));
    const lastDecidedAt = fixture.ports.clock.now();
    const subjects = Array.from({ length: 200 }, (_, place) => ({ id: `s${place}`, attributes: {} }));
    fixture.ports.subjects.record(
      "button",
      subjects.map((subject) => ({ subject, history: [], lastDecidedAt })),
    );
    const refusal = await apply(id);
    expect(refusal).toMatchObject({ refusals: [{ code: "confirmation_required", preview: { subjects: 200 } }] });
    expect((await stored(id))?.trafficAllocation).toBe(10_000);
    expect(done(await apply(id, true)).experiment.trafficAllocation).toBe(1_000);
  });

  it("has to be confirmed when no recorded subject can tell whom it moves", async () => {
    const id = await proposed();
    done(await approve(id));
    expect(await apply(id)).toMatchObject({ refusals: [{ code: "confirmation_required", preview: { subjects: 0 } }] });
    expect((await stored(id))?.trafficAllocation).toBe(10_000);
  });

  it("can be previewed without being made", async () => {
    const { experiment } = await launched(fixture);
    const question = { ...by(person("vic", "viewer")), experimentId: experiment.id, edit: TENTH };
    expect(await fixture.experiments.preview(question)).toStrictEqual({
      status: "done",
      result: { subjects: 0, moved: 0, cells: [] },
    });
    expect(await stored(experiment.id)).toStrictEqual(experiment);
  });

  it("is refused where the gate would not let it through", async () => {
    const { experiment } = await launched(fixture);
    const broken = await edit(experiment.id, { targetingRules: "age > 5 AND age < 3" });
    expect(refusalCodes(broken)).toStrictEqual(["launch_blocked"]);
  });

  it("may not rewrite what was promised", async () => {
    const { experiment } = await launched(fixture);
    expect(await edit(experiment.id, { hypothesis: "What came out" })).toMatchObject({
      refusals: [
        {
          code: "invalid_field",
          field: "hypothesis",
          message: "hypothesis can be changed while the experiment is draft, in_review, approved, not running.",
        },
      ],
    });
  });

  it("takes effect at once when it decides nothing", async () => {
    const { experiment } = await launched(fixture);
    expect(done(await edit(experiment.id, { key: "greener-button" })).experiment.key).toBe("greener-button");
    expect(refusalCodes(await edit(experiment.id, { key: "greener-button" }))).toStrictEqual(["nothing_changed"]);
  });
});

describe("completing", () => {
  it.each([
    [{ kind: "rollback", comment: " " }, "comment"],
    [{ kind: "rollout_winner", comment: "c" }, "variant"],
    [{ kind: "rollout_winner", variant: "blue", comment: "c" }, "variant"],
    [{ kind: "no_effect", variant: "green", comment: "c" }, "variant"],
  ] as const)("refuses %j", async (outcome, field) => {
    const { experiment } = await launched(fixture);
    const result = await fixture.experiments.complete({ ...by(EVE), experimentId: experiment.id, outcome });
    expect(result).toMatchObject({ status: "refused", refusals: [{ code: "invalid_field", field }] });
    expect((await stored(experiment.id))?.status).toBe("running");
  });

  it.each(["rollback", "no_effect"] as const)("with %s leaves the flag alone", async (kind) => {
    const { experiment, flag } = await launched(fixture);
    const outcome = { kind, comment: "c" };
    const result = done(await fixture.experiments.complete({ ...by(EVE), experimentId: experiment.id, outcome }));
    expect(result.details.outcome).toStrictEqual({ kind, variantId: null, comment: "c" });
    expect((await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID)).flags).toStrictEqual([flag]);
  });
});

describe("a command", () => {
  it("is refused to those without the role, before anything is looked at", async () => {
    const vic = by(person("vic", "viewer"));
    expect(refusalCodes(await fixture.experiments.start({ ...vic, experimentId: "none" }))).toStrictEqual([
      "forbidden",
    ]);
    expect(refusalCodes(await fixture.experiments.create({ ...vic, fields: soundDraft("f") }))).toStrictEqual([
      "forbidden",
    ]);
    const { experiment } = await drafted(fixture);
    expect(refusalCodes(await approve(experiment.id, EVE))).toStrictEqual(["forbidden"]);
    expect(refusalCodes(await fixture.experiments.submit({ ...by(ANN), experimentId: experiment.id }))).toStrictEqual([
      "forbidden",
    ]);
  });

  it("about nothing is refused", async () => {
    expect(refusalCodes(await fixture.experiments.start({ ...by(EVE), experimentId: "none" }))).toStrictEqual([
      "not_found",
    ]);
  });

  it("is worked out anew when somebody else was faster", async () => {
    const { experiment } = await drafted(fixture);
    fixture.ports.store.beforeNextCommit(async () => {
      done(await edit(experiment.id, { description: "faster" }));
    });
    const result = done(await fixture.experiments.submit({ ...by(EVE), experimentId: experiment.id }));
    expect(result).toMatchObject({
      experiment: { status: "in_review", version: 3 },
      details: { description: "faster" },
    });
  });

  it("notices by its expected version what somebody else did meanwhile", async () => {
    const { experiment } = await drafted(fixture);
    fixture.ports.store.beforeNextCommit(async () => {
      done(await edit(experiment.id, { description: "faster" }));
    });
    expect(refusalCodes(await edit(experiment.id, { description: "slower" }))).toStrictEqual(["version_mismatch"]);
  });

  it("gives up when others are faster every time", async () => {
    const { experiment } = await drafted(fixture);
    const disturb = async (): Promise<void> => {
      done(
        await fixture.flags.create({
          ...by(EVE),
          fields: { key: `k${fixture.ports.store.entries.length}`, valueType: "boolean", defaultValue: false },
        }),
      );
      fixture.ports.store.beforeNextCommit(disturb);
    };
    fixture.ports.store.beforeNextCommit(disturb);
    await expect(fixture.experiments.submit({ ...by(EVE), experimentId: experiment.id })).rejects.toMatchObject({
      code: "revision_conflict",
    });
  });

  it("takes nothing from an edit but what may be edited", async () => {
    const { experiment } = await drafted(fixture);
    const hostile = { description: "d", status: "running", version: 99, id: "x", hashVersion: 2, submittedBy: "ann" };
    const result = done(await edit(experiment.id, hostile));
    expect(result.experiment).toStrictEqual({ ...experiment, version: 2 });
    expect(result.details.submittedBy).toBeNull();
  });
});

describe("creating and removing", () => {
  it("refuses names that are taken and flags that do not exist", async () => {
    const { flag } = await drafted(fixture);
    expect(refusalCodes(await fixture.experiments.create({ ...by(EVE), fields: soundDraft(flag.id) }))).toStrictEqual([
      "key_taken",
    ]);
    const lost = { ...soundDraft("none"), key: "other" };
    expect(refusalCodes(await fixture.experiments.create({ ...by(EVE), fields: lost }))).toStrictEqual(["not_found"]);
  });

  it("keeps the variant of those who have one unless said otherwise", async () => {
    const { experiment } = await drafted(fixture);
    expect(experiment).toMatchObject({ stickyAssignment: true, hashVersion: 1, status: "draft", version: 1 });
  });

  it("keeps the ids of variants that keep their names", async () => {
    const { experiment } = await drafted(fixture);
    const variants = [...experiment.variants, { name: "blue", value: "blue", weight: 1, isControl: false }];
    const edited = done(await edit(experiment.id, { variants })).experiment.variants;
    expect(edited.slice(0, 2)).toStrictEqual(experiment.variants);
    expect(new Set(edited.map(({ id }) => id)).size).toBe(3);
  });

  it("removes what never ran, with its places in domains, and nothing else", async () => {
    const { experiment } = await drafted(fixture);
    const members = [{ experimentId: experiment.id, priority: 1 }];
    done(await fixture.domains.create({ ...by(EVE), key: "d", members }));
    done(await fixture.experiments.remove({ ...by(EVE), experimentId: experiment.id }));
    const { experiments, domains } = await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID);
    expect(experiments).toStrictEqual([]);
    expect(domains).toMatchObject([{ members: [] }]);
  });

  it("does not remove what has run", async () => {
    const { experiment } = await launched(fixture);
    expect(refusalCodes(await fixture.experiments.remove({ ...by(EVE), experimentId: experiment.id }))).toStrictEqual([
      "in_use",
    ]);
  });
});

describe("the standing of an experiment", () => {
  it("says what is missing for the next stage", async () => {
    const { experiment } = await drafted(fixture, { owner: null });
    const standing = await fixture.experiments.standing({ ...by(EVE), experimentId: experiment.id });
    expect(standing).toMatchObject({
      status: "done",
      result: {
        review: { satisfied: false },
        findings: [{ code: "missing_owner", severity: "blocks" }, { code: "missing_analysis_plan" }],
      },
    });
  });
});
