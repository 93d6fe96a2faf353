import { DEFAULT_ENVIRONMENT_ID, isActive, type Actor, type Experiment } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifyChain } from "../audit/verify-chain.ts";
import { contentOf } from "../experiments/content.ts";
import { TRANSITIONS, type LifecycleAction } from "../experiments/lifecycle.ts";
import { by, controlFixture, done, drafted, EVE, person, type ControlFixture } from "../testing/control-fixture.ts";

/** People with every mix of duties, some of whom are asked by nobody. */
const PEOPLE: readonly Actor[] = [
  EVE,
  person("max", "experimenter", "approver"),
  person("ann", "approver"),
  person("bob", "approver"),
  person("root", "admin"),
  person("vic", "viewer"),
];

const GROUP = { name: "shop", experimenters: ["eve"], approvers: ["ann", "max", "bob"], minimum: 2 };

interface Step {
  readonly action: LifecycleAction;
  readonly actor: Actor;
  readonly allocation: number;
  readonly isCosmetic: boolean;
  readonly comment: string;
  /** Acts on what was true before the last change. */
  readonly isLate: boolean;
}

/** Weighted towards what leads on, or few sequences would ever reach the start. */
const ACTIONS: readonly LifecycleAction[] = [
  ...(["edit", "submit", "submit", "approve", "approve", "approve", "start", "start", "apply_edit"] as const),
  ...(["request_changes", "reject", "withdraw_approval", "pause", "rollback", "resume", "complete"] as const),
  ...(["archive"] as const),
];

const anySteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    action: fc.constantFrom(...ACTIONS),
    actor: fc.constantFrom(...PEOPLE),
    allocation: fc.constantFrom(1_000, 2_000, 10_000),
    isCosmetic: fc.boolean(),
    comment: fc.constantFrom("", "because"),
    isLate: fc.boolean(),
  }),
  { maxLength: 25 },
);

function stepOf(action: LifecycleAction, name: string, allocation = 10_000): Step {
  const actor = PEOPLE.find(({ id }) => id === name)!;
  return { action, actor, allocation, isCosmetic: false, comment: "because", isLate: false };
}

const HAPPY_PATH: readonly Step[] = [
  stepOf("submit", "eve"),
  stepOf("approve", "ann"),
  stepOf("approve", "bob"),
  stepOf("start", "eve"),
  stepOf("edit", "eve", 2_000),
  stepOf("approve", "ann"),
  stepOf("approve", "bob"),
  stepOf("apply_edit", "eve"),
  stepOf("pause", "ann"),
  stepOf("resume", "eve"),
];

const WITHDRAWN_PATH: readonly Step[] = [
  stepOf("submit", "eve"),
  stepOf("approve", "ann"),
  stepOf("withdraw_approval", "ann"),
  stepOf("approve", "bob"),
  stepOf("start", "eve"),
];

/** The way to every stage of the life, from where anything may go on: chance alone hardly gets far. */
const beginnings: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.constantFrom(HAPPY_PATH, HAPPY_PATH, WITHDRAWN_PATH), fc.nat({ max: HAPPY_PATH.length }))
  .map(([path, length]) => path.slice(0, length));

type Fixture = ControlFixture<MemoryControlPorts>;

function run(fixture: Fixture, experiment: Experiment, step: Step): Promise<{ readonly status: "done" | "refused" }> {
  const { action, actor, comment, allocation, isCosmetic, isLate } = step;
  const expectedVersion = experiment.version - (isLate ? 1 : 0);
  const command = { ...by(actor), experimentId: experiment.id, expectedVersion, comment };
  const { experiments } = fixture;
  switch (action) {
    case "edit":
      return experiments.edit({
        ...command,
        edit: isCosmetic ? { description: `at ${allocation}` } : { trafficAllocation: allocation },
      });
    case "submit":
      return experiments.submit(command);
    case "approve":
      return experiments.approve(command);
    case "request_changes":
      return experiments.requestChanges(command);
    case "reject":
      return experiments.reject(command);
    case "withdraw_approval":
      return experiments.withdrawApproval(command);
    case "start":
      return experiments.start(command);
    case "pause":
      return experiments.pause(command);
    case "rollback":
      return experiments.rollback({ ...command, reason: comment });
    case "resume":
      return experiments.resume(command);
    case "apply_edit":
      return experiments.applyEdit({ ...command, confirm: true });
    case "complete":
      return experiments.complete({ ...command, outcome: { kind: "no_effect", comment } });
    case "archive":
      return experiments.archive(command);
  }
}

/** Everything that is stored, for comparing. */
async function everything({ ports: { store } }: Fixture, experimentId: string): Promise<unknown> {
  return {
    configuration: await store.load(DEFAULT_ENVIRONMENT_ID),
    details: await store.experimentDetails(DEFAULT_ENVIRONMENT_ID, experimentId),
    reviews: await store.reviews(DEFAULT_ENVIRONMENT_ID, experimentId),
    entries: store.entries,
  };
}

async function load({ ports: { store } }: Fixture, experimentId: string): Promise<Experiment> {
  const { experiments } = await store.load(DEFAULT_ENVIRONMENT_ID);
  return experiments.find(({ id }) => id === experimentId)!;
}

/** Who stands behind what is to be reviewed: kept by the test from what was said, not from what the store says. */
class Ledger {
  readonly #authors = new Set<string>();
  readonly #approvers = new Set<string>();
  #behind: ReadonlySet<string> = this.#authors;

  /** Somebody wrote or submitted something: whatever was approved is no longer what there is. */
  wrote(author: string, isProposal: boolean): void {
    this.#authors.add(author);
    this.#behind = isProposal ? new Set([author]) : this.#authors;
    this.#approvers.clear();
  }

  changesRequested(): void {
    this.#approvers.clear();
  }

  approved(reviewer: string): void {
    this.#approvers.add(reviewer);
  }

  withdrew(reviewer: string): void {
    this.#approvers.delete(reviewer);
  }

  /** Whether as many others stand behind it as have to: of the group for its members, anyone who may review for the rest. */
  get suffices(): boolean {
    const others = [...this.#approvers].filter((reviewer) => !this.#authors.has(reviewer));
    if (!GROUP.experimenters.some((id) => this.#behind.has(id))) return others.length > 0;
    return others.filter((reviewer) => GROUP.approvers.includes(reviewer)).length >= GROUP.minimum;
  }
}

describe("any sequence of commands", () => {
  it("runs nothing that lacks the approvals of others, changes nothing when refused, and leaves a sound chain", async () => {
    let started = 0;
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(beginnings, anySteps, async (beginning, steps) => {
        const fixture = controlFixture(memoryControlPorts());
        done(await fixture.groups.put({ ...by(person("root", "admin")), group: GROUP }));
        const { experiment: draft } = await drafted(fixture);
        const ledger = new Ledger();
        ledger.wrote("eve", false);
        for (const step of [...beginning, ...steps]) {
          fixture.ports.clock.advance(1_000_000);
          const before = await load(fixture, draft.id);
          const stored = await everything(fixture, draft.id);
          const result = await run(fixture, before, step);
          if (result.status === "refused") {
            expect(await everything(fixture, draft.id)).toStrictEqual(stored);
            continue;
          }
          const after = await load(fixture, draft.id);
          expect(after.version).toBe(before.version + 1);
          expectTransition(step.action, before, after);

          const { action, actor } = step;
          if (action === "submit" || (action === "edit" && !step.isCosmetic))
            ledger.wrote(actor.id, isActive(before.status));
          if (action === "request_changes") ledger.changesRequested();
          if (action === "approve") ledger.approved(actor.id);
          if (action === "withdraw_approval") ledger.withdrew(actor.id);

          const enters = after.status === "running" && before.status === "approved";
          if (enters || action === "apply_edit") expect(ledger.suffices).toBe(true);
          if (enters) started += 1;
          if (step.action === "apply_edit") applied += 1;
          // What an active experiment decides by changes only through an approved edit.
          if (isActive(before.status) && step.action !== "apply_edit") expect(textOf(after)).toBe(textOf(before));
        }
        const { store } = fixture.ports;
        const verdict = await verifyChain(store.entries, { head: await store.auditHead() });
        expect(verdict).toMatchObject({ ok: true, entries: store.entries.length });
      }),
      { numRuns: 400, examples: [[HAPPY_PATH, []]] },
    );
    // The property says nothing if no sequence gets there.
    expect(started).toBeGreaterThan(0);
    expect(applied).toBeGreaterThan(0);
  });
});

function expectTransition(action: LifecycleAction, before: Experiment, after: Experiment): void {
  const next = TRANSITIONS[action][before.status];
  expect(next).toBeDefined();
  // Only these may leave the status as it is although the table names another one.
  const mayStay = action === "edit" || action === "approve" || action === "withdraw_approval";
  expect(mayStay ? [next, before.status] : [next]).toContain(after.status);
}

function textOf(content: Parameters<typeof contentOf>[0]): string {
  return JSON.stringify(contentOf(content));
}
