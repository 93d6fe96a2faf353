import { readFileSync } from "node:fs";
import { EXPERIMENT_STATUSES, type ExperimentStatus } from "@lotty/domain";
import { describe, expect, it, test } from "vitest";
import { allowedActions, LIFECYCLE_ACTIONS, transition, type LifecycleAction } from "./lifecycle.ts";

/** Every allowed transition, written out once more: whatever is not here is refused. */
const ALLOWED: readonly (readonly [ExperimentStatus, LifecycleAction, ExperimentStatus])[] = [
  ["draft", "edit", "draft"],
  ["draft", "submit", "in_review"],
  ["draft", "archive", "archived"],
  ["in_review", "edit", "in_review"],
  ["in_review", "approve", "approved"],
  ["in_review", "request_changes", "draft"],
  ["in_review", "reject", "rejected"],
  ["in_review", "withdraw_approval", "in_review"],
  ["approved", "edit", "in_review"],
  ["approved", "request_changes", "draft"],
  ["approved", "withdraw_approval", "in_review"],
  ["approved", "start", "running"],
  ["approved", "archive", "archived"],
  ["running", "edit", "running"],
  ["running", "approve", "running"],
  ["running", "request_changes", "running"],
  ["running", "withdraw_approval", "running"],
  ["running", "pause", "paused"],
  ["running", "rollback", "paused"],
  ["running", "apply_edit", "running"],
  ["running", "complete", "completed"],
  ["paused", "edit", "paused"],
  ["paused", "approve", "paused"],
  ["paused", "request_changes", "paused"],
  ["paused", "withdraw_approval", "paused"],
  ["paused", "rollback", "paused"],
  ["paused", "resume", "running"],
  ["paused", "apply_edit", "paused"],
  ["paused", "complete", "completed"],
  ["completed", "edit", "completed"],
  ["completed", "archive", "archived"],
  ["rejected", "archive", "archived"],
];

const PAIRS = LIFECYCLE_ACTIONS.flatMap((action) => EXPERIMENT_STATUSES.map((status) => [action, status] as const));

describe("the lifecycle", () => {
  test.each(PAIRS)("%s of an experiment that is %s does what the table says", (action, status) => {
    const expected = ALLOWED.find(([from, by]) => from === status && by === action);
    const outcome = transition(action, status);
    if (expected !== undefined) expect(outcome).toStrictEqual({ ok: true, status: expected[2] });
    else {
      const allowed = LIFECYCLE_ACTIONS.filter((each) => ALLOWED.some(([from, by]) => from === status && by === each));
      expect(outcome).toMatchObject({
        ok: false,
        refusal: { code: "transition_not_allowed", action, status, allowed },
      });
    }
  });

  it("says why not, and what could be done instead", () => {
    expect(transition("start", "draft")).toMatchObject({
      refusal: {
        message: "start takes an experiment that is approved; this one is draft. Allowed now: edit, submit, archive.",
      },
    });
    expect(transition("complete", "archived")).toMatchObject({
      refusal: {
        message:
          "complete takes an experiment that is running or paused; this one is archived. Nothing can be done with it any more.",
      },
    });
  });

  it("is told by the README as it is", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const rows = readme.split("\n").filter((line) => line.startsWith("| ") && line.endsWith("|"));
    const cells = rows.map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    const [head = [], , ...lines] = cells;
    const told = lines.flatMap(([action = "", ...nexts]) =>
      nexts.flatMap((next, column) =>
        next === "" ? [] : [[head[column + 1] ?? "", action.replaceAll("`", ""), next]],
      ),
    );
    const inOrder = (triples: readonly (readonly string[])[]): readonly string[] =>
      triples.map((triple) => triple.join(" ")).sort((a, b) => (a < b ? -1 : 1));
    expect(inOrder(told)).toStrictEqual(inOrder(ALLOWED));
  });

  it("leaves nothing to do with what is archived", () => {
    expect(allowedActions("archived")).toStrictEqual([]);
  });

  it("starts nothing that was not approved", () => {
    const toRunning = ALLOWED.filter(([from, , to]) => to === "running" && from !== "running" && from !== "paused");
    expect(toRunning).toStrictEqual([["approved", "start", "running"]]);
  });
});
