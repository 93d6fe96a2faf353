import { DEFAULT_ENVIRONMENT_ID, type Configuration, type ConfigurationChange } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { exportDefinitions } from "../export-definitions.ts";
import { type ChangePlan, planChange } from "../plan-change.ts";
import { readDefinitions } from "../read-definitions.ts";
import { NOTHING_SAID, type Said, type SaidChange } from "../said.ts";

const FILE = `event_types:
  - { key: purchase, requires_exposure: true }
  - { key: refund }
metrics:
  - key: orders
    kind: conversion
    numerator: { event_type: purchase, filter: 'currency == "EUR"' }
    window_hours: 72
  - { key: refunds, kind: conversion, numerator: { event_type: refund }, higher_is_better: false }
  - { key: latency, kind: quantile, numerator: { event_type: exposure, value_property: ms }, quantile: 0.95 }
flags:
  - { key: banner, type: string, default: none }
experiments:
  - key: summer
    flag: banner
    status: draft
    planned_days: 21
    variants:
      - { name: control, value: none, weight: 50, control: true }
      - { name: sun, value: sun, weight: 50 }
    plan:
      primary: [orders]
      guardrails: [{ metric: refunds, margin: 0.02 }]
`;

const RULE = `notification_rules:
  - { name: alarms, webhooks: [chat], kinds: [guardrail.fired], experiments: [summer] }
`;

const CHAT = { id: "0b9e43a1-0000-4000-8000-0000000000a1", name: "chat" };

/** An installation, as a file changes it. */
interface Installation {
  readonly stored: Configuration;
  readonly said: Said;
}

const empty: Installation = {
  stored: { environmentId: DEFAULT_ENVIRONMENT_ID, revision: 0, flags: [], experiments: [], domains: [], segments: [] },
  said: { ...NOTHING_SAID, notifications: { webhooks: [CHAT], rules: [] } },
};

let ids = 0;

function plan(text: string, { said, stored }: Installation, prune = false): ChangePlan {
  const reading = readDefinitions(text, { fileName: "lotty.yaml" });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  const newId = (): string => `00000000-0000-7000-8000-${String(ids++).padStart(12, "0")}`;
  return planChange(reading.definitions, stored, { now: 1_000, newId, prune, said });
}

function apply(text: string, before: Installation, prune = false): Installation {
  const { change, said } = plan(text, before, prune);
  return { stored: configured(before.stored, change), said: saidNow(before.said, said) };
}

function configured(before: Configuration, change: ConfigurationChange): Configuration {
  return {
    ...before,
    revision: before.revision + 1,
    flags: merged(before.flags, change.putFlags),
    experiments: merged(before.experiments, change.putExperiments),
  };
}

function saidNow(before: Said, change: SaidChange): Said {
  const { measures, notifications } = before;
  const { put = [], putRamps = [], removeIds = [], removeRampsOf = [] } = change.guardrails ?? {};
  const byExperiment = ({ experimentId }: { readonly experimentId: string }): string => experimentId;
  return {
    ...before,
    experiments: merged(before.experiments, change.putExperimentDetails, byExperiment),
    measures: {
      eventTypes: merged(measures.eventTypes, change.putEventTypes, ({ key }) => key),
      metrics: merged(measures.metrics, change.putMetrics),
      plans: merged(measures.plans, change.putAnalysisPlans, byExperiment),
      guardrails: merged(measures.guardrails, put).filter(({ id }) => !removeIds.includes(id)),
      ramps: merged(measures.ramps, putRamps, byExperiment).filter(
        (ramp) => !removeRampsOf.includes(ramp.experimentId),
      ),
    },
    notifications: { ...notifications, rules: merged(notifications.rules, change.notifications?.putRules) },
  };
}

function merged<T extends { readonly id: string }>(before: readonly T[], put: readonly T[] | undefined): readonly T[];
function merged<T>(before: readonly T[], put: readonly T[] | undefined, keyOf: (thing: T) => string): readonly T[];
function merged<T extends { readonly id?: string }>(
  before: readonly T[],
  put: readonly T[] = [],
  keyOf: (thing: T) => string = ({ id = "" }) => id,
): readonly T[] {
  return [...new Map([...before, ...put].map((thing) => [keyOf(thing), thing])).values()];
}

function problems(text: string): readonly string[] {
  const reading = readDefinitions(text, { fileName: "lotty.yaml" });
  return reading.ok ? [] : reading.problems.map(({ line, message, path }) => `${line} ${path}: ${message}`);
}

describe("measures in a file", () => {
  it("say of each thing what differs, and nothing when they are applied again", () => {
    const { summary } = plan(FILE, empty);
    expect(summary.map(({ action, key, kind }) => `${action} ${kind} ${key}`)).toEqual([
      "added flag banner",
      "added experiment summer",
      "added event_type purchase",
      "added event_type refund",
      "added metric orders",
      "added metric refunds",
      "added metric latency",
      "added analysis_plan summer",
    ]);
    const applied = apply(FILE, empty);
    expect(plan(FILE, applied)).toMatchObject({ empty: true, summary: [] });
    expect(applied.said.measures.plans).toMatchObject([{ durationDays: 21, frozenAt: null }]);
    const stricter = FILE.replace("margin: 0.02", "margin: 0.01").replace("window_hours: 72", "window_hours: 24");
    expect(plan(stricter, applied).summary).toMatchObject([
      { kind: "metric", key: "orders", action: "changed", fields: [{ field: "window_hours", from: 72, to: 24 }] },
      { kind: "analysis_plan", key: "summer", action: "changed", fields: [{ field: "guardrails" }] },
    ]);
  });

  it("report what cannot be measured, judged or watched at its place", () => {
    expect(problems(FILE.replace("event_type: refund }", "event_type: refunds }"))).toEqual([
      "9 metrics[1].numerator.event_type: there is no event type `refunds` in this file",
    ]);
    expect(problems(FILE.replace("kind: conversion\n", "kind: ratio\n"))).toEqual([
      "5 metrics[0]: A ratio has a denominator, and nothing else has one.",
    ]);
    expect(problems(FILE.replace('currency == "EUR"', "currency = 1"))[0]).toMatch(
      /^7 metrics\[0\]\.numerator\.filter: /,
    );
    expect(problems(FILE.replace("primary: [orders]", "primary: []\n      alpha: 0.7"))).toEqual([
      "22 experiments[0].plan.primary: A plan has at least one metric that decides.",
      "23 experiments[0].plan.alpha: Alpha has to be above 0 and below 0.5.",
    ]);
    const watched = (guardrail: string): string => `${FILE}    guardrails: [{ ${guardrail} }]\n`;
    expect(problems(watched("metric: latency, action: notify, margin: 0.1"))[0]).toContain(
      "24 experiments[0].guardrails[0].metric: A quantile has no moments",
    );
    expect(problems(watched("metric: refunds, action: pause, margin: -1"))).toEqual([
      "24 experiments[0].guardrails[0].margin: The margin is a number from 0.",
    ]);
    expect(problems(`${FILE}    ramp: { steps: [{ traffic: 10 }, { traffic: 5 }] }\n`)[0]).toContain(
      "24 experiments[0].ramp.steps: Shares grow from step to step",
    );
    expect(problems(`${FILE}${RULE.replace("guardrail.fired", "guardrail.fires")}`)[0]).toContain(
      "25 notification_rules[0].kinds[0]: must be one of",
    );
  });

  it("freeze the plan of an experiment that they start, and watch what it promises unless they say otherwise", () => {
    const running = FILE.replace("status: draft", "status: running");
    const started = apply(running, apply(FILE, empty));
    expect(started.said.measures.plans).toMatchObject([{ frozenAt: 1_000, version: 2 }]);
    expect(started.said.measures.guardrails).toMatchObject([{ rule: { action: "notify", margin: 0.02 } }]);
    expect(plan(running, started).summary).toEqual([{ kind: "guardrail", key: "summer/refunds", action: "kept" }]);
    const unwatched = apply(`${running}    guardrails: []\n`, apply(FILE, empty));
    expect(unwatched.said.measures.guardrails).toEqual([]);
  });

  it("cannot change the plan or the steps of an experiment that has started", () => {
    const ramp = "    ramp: { steps: [{ traffic: 1, hold_hours: 24 }, { traffic: 100 }] }\n";
    const running = FILE.replace("status: draft", "status: running") + ramp;
    const started = apply(running, apply(`${FILE}${ramp}`, empty));
    expect(plan(running, started).empty).toBe(true);
    expect(() => plan(running.replace("margin: 0.02", "margin: 0.5"), started)).toThrow(
      /was frozen when it started.*guardrails/,
    );
    expect(() => plan(running.replace("hold_hours: 24", "hold_hours: 1"), started)).toThrow(
      /ramp plan of `summer` cannot change/,
    );
    expect(
      plan(running.replace("plan:", "description: Warm").replace(/      primary.*\n      guardrails.*\n/, ""), started)
        .summary,
    ).toContainEqual({ kind: "analysis_plan", key: "summer", action: "kept" });
  });

  it("leave the traffic of a started experiment as far as its ramp plan has come", () => {
    const ramp = "    ramp: { steps: [{ traffic: 1, hold_hours: 24 }, { traffic: 100 }] }\n";
    const running = FILE.replace("status: draft", "status: running") + ramp;
    const started = apply(running, apply(`${FILE}${ramp}`, empty));
    const [experiment] = started.stored.experiments;
    expect(experiment?.trafficAllocation).toBe(100);
    const grown = started.stored.experiments.map((each) => ({ ...each, trafficAllocation: 10_000 }));
    expect(plan(running, { ...started, stored: { ...started.stored, experiments: grown } }).empty).toBe(true);
  });

  it("match guardrails by metric, those with the same rule first", () => {
    const two = (one: string, other: string): string =>
      `${FILE}    guardrails: [{ metric: refunds, ${one} }, { metric: refunds, ${other} }]\n`;
    const [notify, pause] = ["action: notify, margin: 0.01", "action: pause, margin: 0.05"];
    const before = apply(two(notify, pause), empty);
    expect(plan(two(pause, notify), before)).toMatchObject({ empty: true });
    const { said, summary } = plan(two("action: pause, margin: 0.1", notify), before);
    expect(summary).toMatchObject([
      { kind: "guardrail", action: "changed", fields: [{ field: "margin", from: 0.05, to: 0.1 }] },
    ]);
    const pausing = before.said.measures.guardrails.find(({ rule }) => rule.action === "pause");
    expect(said.guardrails?.put).toMatchObject([{ id: pausing?.id, version: 2 }]);
    const { said: fewer } = plan(`${FILE}    guardrails: [{ metric: refunds, ${notify} }]\n`, before);
    expect(fewer.guardrails).toEqual({ removeIds: [pausing?.id] });
  });

  it("archive what is pruned and that something may still name, and remove the rest", () => {
    const ramp =
      "    ramp: { steps: [{ traffic: 1 }] }\n    guardrails: [{ metric: refunds, action: notify, margin: 0.1 }]\n";
    const before = apply(`${FILE}${ramp}`, empty);
    const bare = FILE.slice(FILE.indexOf("flags:"), FILE.indexOf("    plan:"));
    expect(plan(bare, before).summary.every(({ action }) => action === "kept")).toBe(true);
    const { said } = plan(bare, before, true);
    expect(said.putMetrics).toHaveLength(3);
    expect(said.putMetrics?.every(({ archivedAt }) => archivedAt === 1_000)).toBe(true);
    expect(said.putEventTypes).toHaveLength(2);
    expect(said.guardrails?.removeIds).toHaveLength(1);
    expect(said.guardrails?.removeRampsOf).toHaveLength(1);
  });

  it("say what to do when a notification rule tells a webhook that there is not", () => {
    const applied = apply(`${FILE}${RULE}`, empty);
    expect(applied.said.notifications.rules).toMatchObject([{ webhookIds: [CHAT.id], kinds: ["guardrail.fired"] }]);
    const nobody = { ...empty, said: NOTHING_SAID };
    expect(() => plan(`${FILE}${RULE}`, nobody)).toThrow(
      "there is no webhook `chat`, which the notification rule `alarms` tells",
    );
    expect(exportDefinitions(applied.stored, "yaml", applied.said)).toContain("webhooks:\n      - chat");
  });
});
