import { readFile } from "node:fs/promises";
import { readDefinitions } from "@lotty/definitions";
import { DECISION_REASONS } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { definitionsSource } from "./sources/definitions-source.ts";

const path = new URL("../../../demo/lotty.yaml", import.meta.url);
const text = await readFile(path, "utf8");

interface Example {
  readonly reason: string;
  readonly flags: readonly string[];
  readonly subject: string;
  readonly attributes: string;
}

/** The commands in the comments of the demo, each under the reason that it is to show. */
const examples: readonly Example[] = Array.from(
  text.matchAll(/^# (\w+): .*\n# {3}lotty decide (.+) --subject (\w+)(?: --attributes '(.+)')?$/gm),
  ([, reason = "", flags = "", subject = "", attributes = "{}"]) => ({
    reason,
    flags: flags.split(" "),
    subject,
    attributes,
  }),
);

function demo(): ReturnType<typeof definitionsSource> {
  const reading = readDefinitions(text, { fileName: "demo/lotty.yaml" });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return definitionsSource(reading.definitions, "demo/lotty.yaml");
}

describe("the demo", () => {
  it("is without faults and doubtful rules, and has what it promises", () => {
    const reading = readDefinitions(text, { fileName: "demo/lotty.yaml" });
    expect(reading).toMatchObject({ ok: true, warnings: [] });
    if (!reading.ok) return;
    const { flags, experiments, domains, segments } = reading.definitions;
    expect([flags.length, experiments.length, domains.length, segments.length]).toEqual([6, 4, 1, 1]);
    expect(new Set(flags.map(({ type }) => type))).toEqual(new Set(["boolean", "string", "number", "json"]));
  });

  it("names a subject for every reason", () => {
    expect(examples.map(({ reason }) => reason).toSorted()).toEqual([...DECISION_REASONS].toSorted());
  });

  it("shows a rule that gives the value", async () => {
    const [, flag = "", subject = "", attributes = "{}"] =
      /^# And a rule .*\n# {3}lotty decide (\S+) --subject (\w+) --attributes '(.+)'$/m.exec(text) ?? [];
    const [decision] = await demo().decide([flag], { id: subject, attributes: JSON.parse(attributes) }, false);
    expect(decision).toMatchObject({ value: false, reason: "no_active_experiment", rule_id: expect.any(String) });
  });

  it.each(examples)("shows $reason to $subject", async ({ reason, flags, subject, attributes }) => {
    const decisions = await demo().decide(flags, { id: subject, attributes: JSON.parse(attributes) }, false);
    expect(decisions.at(-1)?.reason).toBe(reason);
  });

  it.each(examples)(
    "explains $reason to $subject with the same outcome",
    async ({ reason, flags, subject, attributes }) => {
      const source = demo();
      const asked = { id: subject, attributes: JSON.parse(attributes) };
      // What came before the last flag has to be recorded: an explanation is about one flag.
      await source.decide(flags.slice(0, -1), asked, true);
      const explanation = await source.explain(flags.at(-1) ?? "", asked);
      expect(explanation.reason).toBe(reason);
      const failed = explanation.gates.filter(({ verdict }) => verdict === "failed");
      expect(failed).toHaveLength(reason === "experiment_assigned" ? 0 : 1);
    },
  );
});
