import { parseInstant } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { type DefinitionProblem } from "./problem.ts";
import { readDefinitions } from "./read-definitions.ts";
import type { Definitions } from "./definitions.ts";

const HEAD = `flags:
  - key: colour
    type: string
    default: grey
`;

const NOTHING_SAID_OF_FLAG = { description: null, owner: null, tags: [], schema: null, archived: false };

function problemsOf(text: string): readonly DefinitionProblem[] {
  const reading = readDefinitions(text, { fileName: "file.yaml" });
  if (reading.ok) throw new Error("expected problems");
  return reading.problems;
}

function definitionsOf(text: string): Definitions {
  const reading = readDefinitions(text, { fileName: "file.yaml" });
  if (!reading.ok) throw new Error(reading.problems.map((problem) => problem.message).join("; "));
  return reading.definitions;
}

/** Problems as "line:column path: message (hint)". */
function complaints(text: string): readonly string[] {
  return problemsOf(text).map(
    ({ line, column, path, message, hint }) =>
      `${line}:${column} ${path}: ${message}${hint === undefined ? "" : ` (${hint})`}`,
  );
}

function experiment(fields: string): string {
  return `${HEAD}experiments:\n  - key: test\n    flag: colour\n    status: running\n${fields}`;
}

const NOTHING_MEASURED_OF_EXPERIMENT = { rampsTraffic: false, plan: null, guardrails: null, ramp: null };

describe("readDefinitions", () => {
  it("reads every field", () => {
    const definitions = definitionsOf(`${HEAD}
experiments:
  - key: test
    flag: colour
    status: running
    targeting: country == "DE"
    traffic: 33.33
    sticky: false
    variants:
      - { name: a, value: red, weight: 0.1, control: true }
      - { name: b, value: "1", weight: "66.70" }
  - key: last
    flag: colour
    status: completed
    variants: [{ name: a, value: red, weight: 1 }]
    hypothesis: People buy more
    owner: team web
    planned_days: 14
    description: |
      Two
      lines
    started: 2026-05-01T12:00:00Z
    completed: "2026-05-15T12:00:00.000001Z"
    outcome: { kind: rollout_winner, variant: a, comment: 12 % more }
domains:
  - key: home
    members: [{ experiment: test, priority: -3 }]
approver_groups:
  - { name: shop, experimenters: [eve], approvers: [bob, ann], minimum: 2 }
`);
    expect(definitions).toEqual({
      flags: [{ key: "colour", type: "string", default: "grey", enabled: true, rules: [], ...NOTHING_SAID_OF_FLAG }],
      experiments: [
        {
          key: "test",
          flag: "colour",
          status: "running",
          targeting: 'country == "DE"',
          traffic: 3333,
          sticky: false,
          rolledBack: false,
          variants: [
            { name: "a", value: "red", weight: 10, control: true },
            { name: "b", value: "1", weight: 6670, control: false },
          ],
          hypothesis: null,
          owner: null,
          plannedDays: null,
          description: null,
          started: null,
          completed: null,
          outcome: null,
          ...NOTHING_MEASURED_OF_EXPERIMENT,
        },
        {
          key: "last",
          flag: "colour",
          status: "completed",
          targeting: null,
          traffic: 10_000,
          sticky: true,
          rolledBack: false,
          variants: [{ name: "a", value: "red", weight: 100, control: false }],
          hypothesis: "People buy more",
          owner: "team web",
          plannedDays: 14,
          description: "Two\nlines\n",
          started: parseInstant("2026-05-01T12:00:00Z"),
          completed: parseInstant("2026-05-15T12:00:00.000001Z"),
          outcome: { kind: "rollout_winner", variant: "a", comment: "12 % more" },
          ...NOTHING_MEASURED_OF_EXPERIMENT,
          rampsTraffic: true,
        },
      ],
      domains: [{ key: "home", members: [{ experiment: "test", priority: -3 }] }],
      segments: [],
      approverGroups: [{ name: "shop", experimenters: ["eve"], approvers: ["ann", "bob"], minimum: 2 }],
      eventTypes: [],
      metrics: [],
      notificationRules: [],
    });
  });

  it("reads what is said about a flag", () => {
    const said = "description: Sizes, owner: ada, tags: [b, a], schema: { type: string }, archived: true";
    const [flag] = definitionsOf(`flags: [{ key: f, type: string, default: x, ${said} }]`).flags;
    expect(flag).toMatchObject({
      description: "Sizes",
      owner: "ada",
      tags: ["a", "b"],
      schema: { type: "string" },
      archived: true,
    });
  });

  it("fills in what may be left out", () => {
    expect(definitionsOf(experiment("")).experiments).toMatchObject([
      { targeting: null, traffic: 10_000, sticky: true, rolledBack: false, variants: [] },
    ]);
  });

  it("reads JSON", () => {
    const json = JSON.stringify(
      { flags: [{ key: "k\u00e9\u{1f600}", type: "json", default: { a: [1, null] } }] },
      null,
      "\t",
    );
    expect(definitionsOf(json).flags).toMatchObject([
      { key: "k\u00e9\u{1f600}", type: "json", default: { a: [1, null] } },
    ]);
  });

  it("keeps names such as __proto__ as ordinary names of a value", () => {
    const [flag] = definitionsOf(`flags: [{ key: f, type: json, default: { __proto__: { admin: true } } }]`).flags;
    expect(JSON.stringify(flag?.default)).toBe('{"__proto__":{"admin":true}}');
  });

  it("takes decimals from their digits, so that binary fractions round nothing", () => {
    for (const digits of ["0.29", "1.15", "8.20", "33.33", "64.1", "99.99", "100"]) {
      const [read] = definitionsOf(experiment(`    traffic: ${digits}\n`)).experiments;
      expect(read?.traffic).toBe(
        Number(digits.replace(".", "").padEnd(digits.indexOf(".") === -1 ? 5 : digits.indexOf(".") + 2, "0")),
      );
    }
  });

  it.each([
    ["    traffic: 33.333\n", "9:14 experiments[0].traffic: must be a decimal with at most two places, such as 33.33"],
    ["    traffic: 100.01\n", "9:14 experiments[0].traffic: must lie between 0 and 100"],
    ["    traffic: -1\n", "9:14 experiments[0].traffic: must lie between 0 and 100"],
    ["    traffic: 1e1\n", "9:14 experiments[0].traffic: must be a decimal with at most two places, such as 33.33"],
    [
      "    traffic: 25%\n",
      "9:14 experiments[0].traffic: must be a decimal with at most two places, such as 33.33 (leave the % sign out)",
    ],
    ["    traffic: .nan\n", "9:14 experiments[0].traffic: must be a decimal with at most two places, such as 33.33"],
    ["    traffic:\n", "9:13 experiments[0].traffic: must be a decimal, not empty"],
    ["    traffic: [1]\n", "9:14 experiments[0].traffic: must be a decimal, not a list"],
    ["    trafic: 5\n", "9:5 experiments[0].trafic: unknown field (did you mean `traffic`?)"],
    [
      "    nonsense: 1\n",
      "9:5 experiments[0].nonsense: unknown field (known here: key, flag, status, targeting, traffic, sticky, rolled_back, variants, " +
        "hypothesis, owner, planned_days, description, started, completed, outcome, plan, guardrails, ramp)",
    ],
    ["    planned_days: 0\n", "9:19 experiments[0].planned_days: must lie between 1 and 1000000"],
    ["    started: soon\n", "9:14 experiments[0].started: must be a date and time such as 2026-05-01T12:00:00Z"],
    [
      "    outcome: { kind: rollback, comment: x }\n",
      "9:14 experiments[0].outcome: an experiment that is running has no outcome",
    ],
    [
      "    rolled_back: true\n",
      "9:18 experiments[0].rolled_back: an experiment that is running cannot be rolled back (its status would be `paused`)",
    ],
    ["    sticky: yes\n", "9:13 experiments[0].sticky: must be true or false, not a text (write true)"],
    ["    targeting: 5\n", "9:16 experiments[0].targeting: must be a text, not the number 5 (put it in quotes)"],
    [
      "    variants: [{ name: a, value: 1, weight: 1 }]\n",
      "9:34 experiments[0].variants[0].value: must be a string, the type of the flag, not a number (put it in quotes)",
    ],
    [
      "    variants: [{ name: a, value: x, weight: 0 }]\n",
      "9:15 experiments[0].variants: no variant can be drawn: all weights are 0",
    ],
    ["    variants: [{ name: a, value: x }]\n", "9:16 experiments[0].variants[0]: the field `weight` is missing"],
    [
      "    variants:\n      - { name: a, value: x, weight: 1 }\n      - { name: a, value: y, weight: 1 }\n",
      "11:17 experiments[0].variants[1].name: the experiment has two variants named `a`",
    ],
  ])("refuses %j in an experiment", (fields, complaint) => {
    expect(complaints(experiment(fields))).toEqual([complaint]);
  });

  it.each([
    ["flags: [{ key: f, type: bool, default: true }]", "must be one of boolean, string, number, json (did you mean"],
    ["flags: [{ key: f, type: boolean, default: 'true' }]", "write true, without quotes"],
    ["flags: [{ key: f, type: boolean, default: yes }]", "write true, without quotes"],
    ["flags: [{ key: f, type: number, default: 12345678901234567890 }]", "too large a whole number"],
    ["flags: [{ key: f, type: number, default: .inf }]", "must be a finite number"],
    ["flags: [{ key: '', type: json, default: 1 }]", "must not be blank"],
    ["flags: [{ key: 5, type: json, default: 1 }]", "must be a text, not the number 5 (put it in quotes)"],
    ["flags: { key: f }", "must be a list, not a mapping"],
    ["- flags", "must be a mapping of fields, not a list"],
    ["", "the file is empty"],
    ["# only a comment\n", "the file is empty"],
    ["flags: []\n---\nflags: []\n", "a file holds one document"],
    ["flags: [", "not well-formed YAML"],
    ["flags: [{ key: f, type: json, default: !secret x }]", "not well-formed YAML: Unresolved tag"],
    ["flags: [*nothing]", "is an alias of nothing"],
    ["flags: []\nflags: []\n", "is given twice; the first is on line 1"],
    ["flag: []\n", "unknown field (did you mean `flags`?)"],
    ["flags: [{ key: f, type: json, default: { a: 1, a: 2 } }]", "is given twice"],
    ["flags: [{ key: f, type: json, default: { 1: 2 } }]", "field names must be texts"],
    [
      "flags:\n  - {key: f, type: json, default: 1}\n  - {key: f, type: json, default: 1}\n",
      "another flag `f` on line 2",
    ],
    ["domains: [{ key: d, members: [{ experiment: x, priority: 1 }] }]", "there is no experiment `x` in this file"],
    ["experiments: [{ key: e, flag: x, status: draft }]", "there is no flag `x` in this file"],
  ])("refuses %j", (text, complaint) => {
    expect(complaints(text).join("\n")).toContain(complaint);
  });

  it("names the flag or experiment that a mistyped reference most likely meant", () => {
    expect(complaints(`${HEAD}experiments: [{ key: e, flag: color, status: draft }]`)).toEqual([
      "5:31 experiments[0].flag: there is no flag `color` in this file (did you mean `colour`?)",
    ]);
  });

  it("refuses a second active experiment on a flag and says what to do", () => {
    const second = "  - { key: other, flag: colour, status: paused }\n";
    expect(complaints(experiment(second))).toEqual([
      "9:41 experiments[1].status: the flag `colour` has another running or paused experiment, `test`" +
        " (a flag has at most one; complete one of them first)",
    ]);
  });

  it("refuses priorities that are not whole numbers, and members named twice", () => {
    const domains = (members: string): string => `${experiment("")}domains: [{ key: d, members: [${members}] }]\n`;
    expect(complaints(domains("{ experiment: test, priority: 1.5 }"))[0]).toContain("must be a whole number");
    expect(complaints(domains("{ experiment: test, priority: 3000000000 }"))[0]).toContain("must lie between");
    const twice = "{ experiment: test, priority: 1 }";
    expect(complaints(domains(`${twice}, ${twice}`))[0]).toContain("`test` is in this domain already");
  });

  it("reports the faults of a rule at their places in the file, in every style", () => {
    const places = (targeting: string): readonly string[] =>
      problemsOf(experiment(targeting)).map(({ line, column, path }) => `${line}:${column} ${path}`);
    const path = "experiments[0].targeting";
    expect(places('    targeting: country = "DE"\n')).toEqual([`9:24 ${path}`]);
    expect(places("    targeting: 'country = \"DE\"'\n")).toEqual([`9:25 ${path}`]);
    expect(places('    targeting: "country = \\"DE\\""\n')).toEqual([`9:25 ${path}`]);
    expect(places('    targeting: |\n      plan EXISTS\n      AND country = "DE"\n')).toEqual([`11:19 ${path}`]);
    expect(places('    targeting: >-\n      plan EXISTS\n      AND country = "DE"\n')).toEqual([`11:19 ${path}`]);
  });

  it("warns of rules that are hardly meant, at their places, and reads them all the same", () => {
    const reading = readDefinitions(experiment("    targeting: |\n      plan EXISTS\n      AND age > true\n"), {
      fileName: "f",
    });
    expect(reading.ok && reading.warnings.map(({ line, column }) => `${line}:${column}`)).toEqual(["11:11"]);
  });

  it("keeps the text of a rule as it is written", () => {
    const [read] = definitionsOf(experiment("    targeting: |\n      # who\n      a  ==  1\n")).experiments;
    expect(read?.targeting).toBe("# who\na  ==  1\n");
  });

  it("reports every problem at once, in the order of the file", () => {
    const lines = problemsOf(experiment("    traffic: 200\n    sticky: 1\n    nope: 1\n")).map(({ line }) => line);
    expect(lines).toEqual([9, 10, 11]);
  });

  it("counts lines also where they end in CR LF", () => {
    const text = experiment("    traffic: 200\n").replaceAll("\n", "\r\n");
    expect(problemsOf(text)[0]).toMatchObject({ line: 9, column: 14 });
  });

  it("follows aliases", () => {
    const flags = "flags:\n  - { key: a, type: json, default: &v { x: 1 } }\n  - { key: b, type: json, default: *v }\n";
    expect(definitionsOf(flags).flags[1]?.default).toEqual({ x: 1 });
  });
});

describe("readDefinitions on hostile files", () => {
  it("stops at files that multiply by aliases", () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const item = level === 0 ? "lol" : `*a${level - 1}`;
      return `  - { key: f${level}, type: json, default: &a${level} [${Array.from({ length: 9 }, () => item).join(", ")}] }`;
    });
    expect(complaints(`flags:\n${levels.join("\n")}\n`).join()).toContain("uses of aliases");
  });

  it("stops at aliases of themselves", () => {
    expect(complaints("flags: [{ key: f, type: json, default: &a [*a] }]")[0]).toContain("nested too deeply");
  });

  it.each(["[", "{a: ", "- ", "? "])("stops at deep nesting of %j", (open) => {
    expect(complaints(open.repeat(20_000))[0]).toContain("nested deeper than");
  });

  it("stops at long files", () => {
    expect(complaints("#".repeat(1_000_001))[0]).toContain("longer than");
  });

  it("lists at most a hundred problems", () => {
    expect(problemsOf(`flags:\n${"  - 1\n".repeat(1_000)}`)).toHaveLength(100);
  });

  it("finds duplicates among many keys quickly", () => {
    const keys = Array.from({ length: 15_000 }, (_, index) => `k${index}: 1`).join(", ");
    expect(complaints(`flags: [{ key: f, type: json, default: { ${keys}, k7: 1 } }]`)[0]).toContain("is given twice");
  });

  describe("rules of a flag", () => {
    it("are read with what may be left out", () => {
      const [flag] = definitionsOf(`${HEAD}    enabled: false
    rules:
      - { id: 0b9e43a1-0000-4000-8000-000000000001, if: vip EXISTS, value: gold, rollout: 0.01 }
      - { value: silver }
`).flags;
      expect(flag).toMatchObject({
        enabled: false,
        rules: [
          { id: "0b9e43a1-0000-4000-8000-000000000001", if: "vip EXISTS", value: "gold", rollout: 1 },
          { id: null, if: null, value: "silver", rollout: 10_000 },
        ],
      });
    });

    it("are refused with the place of each fault", () => {
      expect(
        complaints(`${HEAD}    enabled: yes
    rules:
      - { if: vip = 1, value: 5, rollout: 100.01 }
      - { id: "1", iff: vip EXISTS }
      - { id: 0b9e43a1-0000-4000-8000-000000000001, value: a }
      - { id: 0b9e43a1-0000-4000-8000-000000000001, value: b }
`),
      ).toEqual([
        "5:14 flags[0].enabled: must be true or false, not a text (write true)",
        "7:19 flags[0].rules[0].if: `=` means nothing in rules. (Did you mean `==`?)",
        "7:31 flags[0].rules[0].value: must be a string, the type of the flag, not a number (put it in quotes)",
        "7:43 flags[0].rules[0].rollout: must lie between 0 and 100",
        "8:9 flags[0].rules[1]: the field `value` is missing",
        "8:15 flags[0].rules[1].id: must be a UUID in lower case (leave it out, and Lotty makes one)",
        "8:20 flags[0].rules[1].iff: unknown field (did you mean `if`?)",
        "10:15 flags[0].rules[3].id: there is another rule with this id on line 9 (leave it out in a new rule)",
      ]);
    });

    it("warn of one that nobody can reach", () => {
      const reading = readDefinitions(`${HEAD}    rules: [{ value: a }, { value: b }]\n`, { fileName: "f" });
      expect(reading).toMatchObject({ ok: true, warnings: [{ path: "flags[0].rules[1]" }] });
    });
  });

  describe("segments", () => {
    it("are read, and may name each other in any order", () => {
      const { segments } = definitionsOf(`segments:
  staff: IN SEGMENT "office" OR email ENDS_WITH "@example.com"
  office: |
    # at a desk
    ip STARTS_WITH "10."
`);
      expect(segments).toEqual([
        { key: "staff", rule: 'IN SEGMENT "office" OR email ENDS_WITH "@example.com"' },
        { key: "office", rule: '# at a desk\nip STARTS_WITH "10."\n' },
      ]);
    });

    it("have to be there when rules name them", () => {
      expect(
        complaints(`segments: { beta: plan == "beta", other: IN SEGMENT "nobody" }
flags:
  - key: colour
    type: string
    default: grey
    rules: [{ if: IN SEGMENT "betta", value: a }]
`),
      ).toEqual([
        "1:53 segments.other: No segment is called `nobody`.",
        '6:30 flags[0].rules[0].if: No segment is called `betta`. (Did you mean "beta"?)',
      ]);
    });

    it("are refused when they are empty, in a circle, or too many inside each other", () => {
      const chain = Array.from({ length: 11 }, (_, index) => `  s${index}: IN SEGMENT "s${index + 1}"`).join("\n");
      expect(
        complaints(`segments:
  none:
  a: IN SEGMENT "b"
  b: x EXISTS OR NOT IN SEGMENT "a"
  self: IN SEGMENT "self"
${chain}
  s11: x EXISTS
`),
      ).toEqual([
        "2:3 segments.none: must be a rule, not empty",
        "3:3 segments.a: segments name each other in a circle: `a` → `b` → `a`",
        "5:3 segments.self: segments name each other in a circle: `self` → `self`",
        "6:3 segments.s0: the segment stands on more than 9 others that stand on each other",
        "7:3 segments.s1: the segment stands on more than 9 others that stand on each other",
      ]);
    });

    it("count towards the size of the rules that name them", () => {
      const large = Array.from({ length: 4_000 }, (_, index) => `a == ${index}`).join(" OR ");
      const text = experiment(`    targeting: IN SEGMENT "x" OR IN SEGMENT "x" OR IN SEGMENT "x"\n`);
      expect(complaints(`${text}segments: { x: ${large} }\n`)).toEqual([
        "9:16 experiments[0].targeting: has more than 10000 conditions, those of its segments included",
      ]);
    });
  });
});
