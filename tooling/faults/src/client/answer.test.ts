import { expect, test } from "vitest";
import { readAnswer } from "./answer.ts";

const decision = { decision_id: "id", flag: "banner", value: 1, reason: "no_active_experiment", durability: "queued" };

test("an answer is one decision or a list of them", () => {
  expect(readAnswer(200, JSON.stringify(decision))).toEqual({ ok: true, decisions: [decision] });
  expect(readAnswer(200, JSON.stringify({ decisions: [decision, decision] }))).toEqual({
    ok: true,
    decisions: [decision, decision],
  });
});

test("a problem is named by its status and code", () => {
  const text = JSON.stringify({ status: 503, code: "decision_store_unavailable" });
  expect(readAnswer(503, text)).toEqual({ ok: false, kind: "503 decision_store_unavailable" });
});

test("an answer that breaks off is a failure, whatever its status", () => {
  expect(readAnswer(200, '{"decision_id":')).toEqual({ ok: false, kind: "200 without JSON" });
});
