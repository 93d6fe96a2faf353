import { ValueSchemas, type CommandResult } from "@lotty/control-plane";
import { DEFAULT_ENVIRONMENT_ID, type Actor, type Role } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { sampleLearning } from "@lotty/testkit/suites/learnings";
import { beforeEach, describe, expect, it } from "vitest";
import { createLearningControl, type LearningControl } from "./learning-control.ts";

const environmentId = DEFAULT_ENVIRONMENT_ID;
const learning = sampleLearning({ tags: ["checkout"], comment: "It won." });
const learningId = learning.id;

let ports: MemoryControlPorts;
let control: LearningControl;
beforeEach(() => {
  ports = memoryControlPorts();
  const { learnings } = ports.store;
  const settings = { allowSelfApproval: false, minimumApprovals: 1, previewDays: 7 };
  control = createLearningControl({ ...ports, learnings, schemas: new ValueSchemas(), settings });
  learnings.put(environmentId, [learning]);
});

function by(...roles: readonly Role[]): { readonly environmentId: string; readonly actor: Actor } {
  return { environmentId, actor: { id: "eve", name: "eve", roles, kind: "user", from: null } };
}

function codes(result: CommandResult<unknown>): readonly string[] {
  return result.status === "refused" ? result.refusals.map(({ code }) => code) : [];
}

describe("a learning", () => {
  it("takes notes and tags, as a version of its own on record", async () => {
    const edit = { notes: "Also true on phones.", tags: ["web", "checkout", "web"] };
    const edited = await control.edit({ ...by("experimenter"), learningId, expectedVersion: 1, edit });
    expect(edited).toMatchObject({
      result: { notes: edit.notes, tags: ["checkout", "web"], version: 2, comment: "It won." },
    });
    expect(await ports.store.learnings.find(environmentId, learningId)).toMatchObject({ version: 2 });
    expect(ports.store.entries).toMatchObject([
      {
        action: "learning.edit",
        entity: { kind: "learning", id: learningId },
        before: { notes: null },
        actor: { name: "eve" },
      },
    ]);
    const stale = await control.edit({ ...by("experimenter"), learningId, expectedVersion: 1, edit });
    expect(codes(stale)).toStrictEqual(["version_mismatch"]);
    expect(codes(await control.edit({ ...by("experimenter"), learningId, edit }))).toStrictEqual(["nothing_changed"]);
  });

  it("is not for everybody to change, nor when it is not there", async () => {
    expect(codes(await control.edit({ ...by("viewer"), learningId, edit: {} }))).toStrictEqual(["forbidden"]);
    expect(codes(await control.edit({ ...by("admin"), learningId: "none", edit: {} }))).toStrictEqual(["not_found"]);
  });

  it("gets its effects later", async () => {
    const of = { metricId: "m", metricKey: "orders", variant: "green", isPrimary: true, higherIsBetter: true };
    const effects = [{ ...of, lift: 0.02, se: 0.01, low: 0, high: 0.04 }];
    const measured = await control.measure({ ...by("experimenter"), learningId, effects });
    expect(measured).toMatchObject({ result: { effects, version: 2 } });
  });
});
