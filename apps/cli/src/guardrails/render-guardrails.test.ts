import { describe, expect, it } from "vitest";
import type { Paint } from "../terminal/paint.ts";
import { renderFirings } from "./render-guardrails.ts";

const plain: Paint = (_tone, text) => text;
const METRIC = "00000000-0000-7000-8000-00000000aaaa";

describe("a firing for a person", () => {
  it("tells when, by which metric, and the last that became of it", () => {
    const guardrail = {
      id: "00000000-0000-7000-8000-000000000001",
      experiment_id: "00000000-0000-7000-8000-000000000002",
      metric_id: METRIC,
      metric_version: 1,
      margin: 0.05,
      margin_kind: "relative",
      alpha: 0.05,
      minimum_subjects: 100,
      tuned_for: 1_000,
      population: "exposed",
      action: "pause",
      armed_at: null,
      version: 1,
      updated_at: "2026-05-01T00:00:00.000000Z",
    } as const;
    const at = "2026-05-02T10:00:00.000000Z";
    const evaluation = {
      at,
      state: "firing",
      since: at,
      watermark: null,
      from: null,
      alpha_per_variant: 0.05,
      readings: [],
    } as const;
    const steps = [
      { at, kind: "acted", actor_name: "lotty", said: "Paused." },
      { at, kind: "undone", actor_name: "ann", said: "The receiver was down." },
    ] as const;
    const firing = { id: "f1", experiment_id: guardrail.experiment_id, at, guardrail, evaluation, steps };
    expect(
      renderFirings([firing], new Map([[METRIC, "orders"]]), plain)
        .split("\n")
        .at(-1),
    ).toBe(`${at}  orders  pause   undone by ann: The receiver was down.  f1`);
  });
});
