import { SeededRandom } from "@lotty/faults/seeded-random";
import { beforeEach, describe, expect, it } from "vitest";
import {
  nextConfiguration,
  variantKey,
  type ModelConfiguration,
  type ModelDefinitions,
  type ModelIds,
} from "../oracle/configuration.ts";
import { decide, type Holding } from "../oracle/decide.ts";
import { ConfigurationHistory } from "../world/configuration-history.ts";
import type { Question } from "../world/request.ts";
import { Troubles } from "../world/troubles.ts";
import { Checker, noChecks, type Round } from "./checker.ts";
import type { AssignmentRow, Attempt, DecisionRow, FindingKind, GivenDecision } from "./evidence.ts";

const FLAGS = ["one", "two", "three", "four", "five"];

/** Everybody takes part in everything, in one of two variants. */
const DEFINITIONS: ModelDefinitions = {
  flags: FLAGS.map((key) => ({ key, type: "string", default: "off" })),
  experiments: FLAGS.map((key) => ({
    key: `${key}-test`,
    flag: key,
    status: "running",
    rule: null,
    traffic: 10_000,
    sticky: false,
    rolledBack: false,
    variants: [
      { name: "a", value: "A", weight: 5_000 },
      { name: "b", value: "B", weight: 5_000 },
    ],
  })),
  segments: [],
  domains: [
    {
      key: "exclusive",
      members: [
        { experiment: "four-test", priority: 1 },
        { experiment: "five-test", priority: 2 },
      ],
    },
  ],
};

const IDS: ModelIds = {
  experiments: new Map(DEFINITIONS.experiments.map(({ key }) => [key, `id-of-${key}`])),
  variants: new Map(
    DEFINITIONS.experiments.flatMap(({ key, variants }) =>
      variants.map(({ name }) => [variantKey(key, name), `${key}-${name}`] as const),
    ),
  ),
  domains: new Map([["exclusive", "id-of-exclusive"]]),
};

const START = 1_800_000_000_000;

/** Answers as Lotty should, one request after the other, and keeps what its tables would have. */
class ExemplaryLotty {
  readonly configurations: ConfigurationHistory;
  readonly troubles = new Troubles(5_000);
  readonly attempts: Attempt[] = [];
  readonly rows: DecisionRow[] = [];
  now = START;
  #configuration: ModelConfiguration;
  readonly #held = new Map<string, readonly Holding[]>();

  constructor() {
    this.configurations = new ConfigurationHistory(this.troubles);
    this.#configuration = nextConfiguration(undefined, { revision: 1, definitions: DEFINITIONS, ids: IDS });
    this.#announce("the beginning");
  }

  get configuration(): ModelConfiguration {
    return this.#configuration;
  }

  change(change: (definitions: ModelDefinitions) => ModelDefinitions): void {
    this.#configuration = nextConfiguration(this.#configuration, {
      revision: this.#configuration.revision + 1,
      definitions: change(this.#configuration.definitions),
      ids: IDS,
    });
    this.#announce("a change");
  }

  /** Asks and waits for the answer, which may come from an older configuration. */
  ask(given: Partial<Question> = {}, configuration: ModelConfiguration = this.#configuration): Attempt {
    const question: Question = {
      subject: "ada",
      attributes: {},
      flags: ["one"],
      single: false,
      peek: false,
      environment: "production",
      credential: "none",
      ...given,
    };
    const decidedAt = (this.now += 10);
    const before = this.#held.get(question.subject);
    const decisions = question.flags.map((flag) => this.#decide(question, flag, { decidedAt, configuration }));
    if (question.peek) this.#held.set(question.subject, before ?? []);
    const endedAt = (this.now += 5);
    const attempt: Attempt = {
      turn: this.attempts.length,
      question,
      key: null,
      process: "api-1",
      life: 1,
      startedAt: decidedAt - 1,
      endedAt,
      decisions,
      failure: null,
    };
    this.attempts.push(attempt);
    return attempt;
  }

  /** What the checker is given, perhaps tampered with. */
  round(tampered: Partial<Round> = {}): Round {
    const { attempts, rows } = this;
    return { attempts, rows, assignments: this.assignments(), endedAt: this.now, isFinal: true, ...tampered };
  }

  assignments(): readonly AssignmentRow[] {
    return [...this.#held].flatMap(([subject, held]) => held.map((holding) => ({ subject, ...holding })));
  }

  #decide(
    { attributes, peek, subject }: Question,
    flag: string,
    { configuration, decidedAt }: { readonly configuration: ModelConfiguration; readonly decidedAt: number },
  ): GivenDecision {
    const history = this.#held.get(subject) ?? [];
    const expected = decide(configuration, flag, { subject, attributes, history, now: decidedAt });
    const id = `id-${this.attempts.length}-${flag}`;
    const { experimentId, reason, ruleId, variantId } = expected;
    const row: DecisionRow = { id, decidedAt, subject, flag, reason, experimentId, variantId, ruleId };
    if (!peek) this.rows.push(row);
    this.#hold(row);
    return { id, flag, ...expected, durability: peek ? "none" : "committed", degraded: false };
  }

  #hold({ decidedAt, experimentId, reason, subject, variantId }: DecisionRow): void {
    if (reason !== "experiment_assigned" || experimentId === null || variantId === null) return;
    const held = this.#held.get(subject) ?? [];
    const before = held.find((holding) => holding.experimentId === experimentId);
    const others = held.filter((holding) => holding !== before);
    const firstAt = before?.firstAt ?? decidedAt;
    this.#held.set(subject, [...others, { experimentId, variantId, firstAt, lastAt: decidedAt }]);
  }

  #announce(what: string): void {
    const begunAt = this.now;
    const knownAt = (this.now += 5);
    this.configurations.add({ configuration: this.#configuration, what, begunAt, knownAt });
  }
}

let lotty: ExemplaryLotty;

beforeEach(() => {
  lotty = new ExemplaryLotty();
});

function checker(): Checker {
  return new Checker({
    configurations: lotty.configurations,
    troubles: lotty.troubles,
    processes: ["api-1", "api-2"],
    promisedMillis: 1_000,
    historyTtlMillis: 0,
    outcomeTtlMillis: 0,
    past: [],
    counts: noChecks(),
  });
}

function kindsIn(round: Round): readonly FindingKind[] {
  return [
    ...new Set(
      checker()
        .check(round)
        .map(({ kind }) => kind),
    ),
  ];
}

/** The last answer with its first decision changed; its row goes with it. */
function tamperLast(change: Partial<GivenDecision>): Partial<Round> {
  const last = lotty.attempts.at(-1);
  const [first, ...rest] = last?.decisions ?? [];
  if (last === undefined || first === undefined) throw new Error("There is nothing to tamper with.");
  const decision = { ...first, ...change };
  const rows = lotty.rows.map((row) => {
    const { experimentId, reason, variantId } = decision;
    return row.id === decision.id ? { ...row, experimentId, reason, variantId } : row;
  });
  return { attempts: [...lotty.attempts.slice(0, -1), { ...last, decisions: [decision, ...rest] }], rows };
}

describe("a checker finds nothing", () => {
  it("in a run in which everything is right", () => {
    const random = new SeededRandom(5);
    for (let step = 0; step < 400; step += 1) {
      if (step % 50 === 49) {
        const key = `${random.pick(FLAGS)}-test`;
        const status = random.pick(["running", "paused", "draft"] as const);
        const traffic = random.between(5_000, 10_000);
        lotty.change((definitions) => ({
          ...definitions,
          experiments: definitions.experiments.map((each) => (each.key === key ? { ...each, status, traffic } : each)),
        }));
      }
      const flags = FLAGS.filter(() => random.next() < 0.5);
      const subject = `s${random.between(1, 40)}`;
      lotty.ask({ subject, flags: flags.length > 0 ? flags : ["one"], peek: random.next() < 0.1 });
    }
    const judge = checker();
    expect(judge.check(lotty.round())).toEqual([]);
    expect(judge.counts).toMatchObject({ answers: 400, current: 400, olderHistory: 0, keptOutcome: 0 });
    expect(judge.counts.entries).toBeGreaterThan(50);
  });

  it("in an answer of a process that could not ask, and takes a later decision of its own for the beginning", () => {
    lotty.ask({ flags: ["one"] });
    const two = lotty.ask({ flags: ["two"] }).decisions?.[0];
    lotty.ask({ flags: ["one"] });
    const members = [
      { experiment: "one-test", priority: 1 },
      { experiment: "two-test", priority: 1 },
    ];
    lotty.change((definitions) => ({ ...definitions, domains: [{ key: "exclusive", members }] }));
    // So long that nobody can be behind with it.
    lotty.now += 10_000;
    expect(lotty.ask({ flags: ["two"], peek: true }).decisions).toMatchObject([{ reason: "domain_conflict" }]);
    const roundWith = (degraded: boolean): Round => {
      const { attempts, rows } = tamperLast({ ...two, id: "peeked", degraded, durability: "none" });
      // The process that answers the rest was not the one that put the subject into the first experiment.
      const told = attempts?.map((attempt, index) =>
        index === 0 ? { ...attempt, process: "api-2" as const } : attempt,
      );
      return lotty.round({ ...(told && { attempts: told }), ...(rows && { rows }) });
    };
    expect(kindsIn(roundWith(true))).toEqual([]);
    expect(kindsIn(roundWith(false))).toEqual(["unexplained answer"]);
  });

  it("in rounds that follow each other", () => {
    const judge = checker();
    for (let round = 0; round < 5; round += 1) {
      lotty.attempts.length = 0;
      lotty.rows.length = 0;
      for (const subject of ["ada", "bob", `new-${round}`]) lotty.ask({ subject, flags: FLAGS });
      const attempts = lotty.attempts.map((attempt) => ({
        ...attempt,
        decisions: (attempt.decisions ?? []).map((given) => ({ ...given, id: `${round} ${given.id}` })),
      }));
      const rows = lotty.rows.map((row) => ({ ...row, id: `${round} ${row.id}` }));
      expect(judge.check(lotty.round({ attempts, rows }))).toEqual([]);
    }
  });

  it("when a configuration is up to a second out of date", () => {
    const before = lotty.configuration;
    lotty.change((definitions) => ({ ...definitions, experiments: [] }));
    lotty.now += 900;
    lotty.ask({}, before);
    const judge = checker();
    expect(judge.check(lotty.round())).toEqual([]);
    expect(judge.counts.prompt).toBe(1);
  });
});

describe("a checker notices", () => {
  it("a variant that the subject does not draw", () => {
    const { decisions } = lotty.ask();
    const other = decisions?.[0]?.variantId === "one-test-a" ? ["one-test-b", "B"] : ["one-test-a", "A"];
    expect(kindsIn(lotty.round(tamperLast({ variantId: other[0] ?? "", value: other[1] ?? "" })))).toContain(
      "unexplained answer",
    );
  });

  it("a value that is not the variant's", () => {
    lotty.ask();
    expect(kindsIn(lotty.round(tamperLast({ value: "C" })))).toEqual(["unexplained answer"]);
  });

  it("a subject that is turned away without a reason", () => {
    lotty.ask();
    const refusal = { reason: "participation_limit", variantId: null, value: "off" } as const;
    expect(kindsIn(lotty.round(tamperLast(refusal)))).toContain("unexplained answer");
  });

  it("a configuration that is long out of date", () => {
    const before = lotty.configuration;
    lotty.change((definitions) => ({ ...definitions, experiments: [] }));
    lotty.now += 1_100;
    lotty.ask({}, before);
    expect(kindsIn(lotty.round())).toContain("unexplained answer");
  });

  it("a configuration that has not been written yet", () => {
    lotty.ask();
    const early = nextConfiguration(lotty.configuration, {
      revision: 2,
      definitions: {
        ...DEFINITIONS,
        flags: DEFINITIONS.flags.map((flag) => ({ ...flag, default: "new" })),
        experiments: [],
      },
      ids: IDS,
    });
    lotty.ask({ subject: "bob" }, early);
    lotty.now += 10;
    lotty.change(() => early.definitions);
    expect(kindsIn(lotty.round())).toEqual(["unexplained answer"]);
  });

  it("an answer that mixes two configurations", () => {
    lotty.ask({ flags: ["one", "two"], peek: true });
    lotty.change((definitions) => ({ ...definitions, experiments: [] }));
    const [old] = lotty.attempts;
    const fresh = lotty.ask({ flags: ["one", "two"], peek: true });
    const mixed: Attempt = {
      ...fresh,
      decisions: [old?.decisions?.[0], fresh.decisions?.[1]].flatMap((each) => each ?? []),
    };
    expect(kindsIn(lotty.round({ attempts: [mixed] }))).toEqual(["unexplained answer"]);
  });

  it("a fourth experiment", () => {
    lotty.ask({ flags: ["one", "two", "three", "four"] });
    const fourth = decide(lotty.configuration, "five", { subject: "ada", attributes: {}, history: [], now: lotty.now });
    lotty.ask({ flags: ["five"] });
    const tampered = tamperLast({ ...fourth });
    expect(kindsIn(lotty.round(tampered))).toEqual(
      expect.arrayContaining(["unexplained answer", "participation limit exceeded"]),
    );
  });

  it("parallel requests that each look right but exceed the limit together", () => {
    const parallel = ["one", "two", "three", "five"].map((flag) => {
      lotty.ask({ flags: [flag] });
      const attempt = lotty.attempts.at(-1);
      const entered = decide(lotty.configuration, flag, {
        subject: "ada",
        attributes: {},
        history: [],
        now: lotty.now,
      });
      return { attempt, given: { ...attempt?.decisions?.[0], ...entered } as GivenDecision };
    });
    const open = { startedAt: START, endedAt: lotty.now };
    const attempts = parallel.flatMap(({ attempt, given }) =>
      attempt === undefined ? [] : [{ ...attempt, ...open, decisions: [given] }],
    );
    const rows = parallel.map(
      ({ attempt, given: { experimentId, flag, id, reason, ruleId, variantId } }): DecisionRow => {
        const decidedAt = attempt?.endedAt ?? 0;
        return { id, decidedAt, subject: "ada", flag, reason, experimentId, variantId, ruleId };
      },
    );
    const found = checker().check(lotty.round({ attempts, rows }));
    expect(found.map(({ kind }) => kind)).toContain("participation limit exceeded");
    expect(found.map(({ kind }) => kind)).not.toContain("unexplained answer");
  });

  it("parallel requests that bring a subject into two experiments of a domain", () => {
    const parallel = ["five", "four"].map((flag, index): Attempt => {
      const alone = lotty.ask({ subject: `other-${index}`, flags: [flag] });
      return { ...alone, startedAt: START, endedAt: START + 1_000 };
    });
    const definitions = { ...lotty.configuration.definitions, domains: [] };
    const free = { ...lotty.configuration, definitions };
    const decisions = parallel.map(({ question: { flags } }, index) => {
      const flag = flags[0] ?? "";
      const entered = decide(free, flag, { subject: "ada", attributes: {}, history: [], now: START });
      return { id: `d${index}`, flag, ...entered, durability: "committed", degraded: false };
    });
    const attempts = parallel.map((attempt, index) => ({
      ...attempt,
      question: { ...attempt.question, subject: "ada" },
      decisions: decisions.slice(index, index + 1),
    }));
    const rows = decisions.map(({ experimentId, flag, id, reason, ruleId, variantId }, index): DecisionRow => {
      return { id, decidedAt: START + 500 + index, subject: "ada", flag, reason, experimentId, variantId, ruleId };
    });
    expect(kindsIn(lotty.round({ attempts, rows }))).toContain("two experiments of a domain");
  });

  it("an acknowledged decision that is not in the table", () => {
    lotty.ask();
    lotty.ask({ subject: "bob" });
    expect(kindsIn(lotty.round({ rows: lotty.rows.slice(1), assignments: lotty.assignments() }))).toEqual([
      "missing decision",
    ]);
  });

  it("a queued decision that is still missing in the end, but not before", () => {
    lotty.change((definitions) => ({ ...definitions, experiments: [] }));
    lotty.ask();
    const tampered = { ...tamperLast({ durability: "queued" }), rows: [] };
    const judge = checker();
    expect(judge.check(lotty.round({ ...tampered, isFinal: false }))).toEqual([]);
    expect(judge.waiting()).toHaveLength(1);
    expect(judge.check(lotty.round({ attempts: [], rows: [] })).map(({ kind }) => kind)).toEqual(["missing decision"]);
  });

  it("a decision that is in the table twice, under its own id or another", () => {
    lotty.ask();
    const [row] = lotty.rows;
    if (row === undefined) throw new Error("There is no row.");
    expect(kindsIn(lotty.round({ rows: [row, row] }))).toEqual(["duplicate decision"]);
    expect(kindsIn(lotty.round({ rows: [row, { ...row, id: "another" }] }))).toEqual(["row without a request"]);
  });

  it("a row that says something else than the answer", () => {
    lotty.ask();
    const rows = lotty.rows.map((row) => ({ ...row, subject: "eve" }));
    expect(kindsIn(lotty.round({ rows, assignments: [] }))).toContain("wrong row");
  });

  it("an assignment that was only queued, and a peek that was recorded", () => {
    lotty.ask();
    expect(kindsIn(lotty.round(tamperLast({ durability: "queued" })))).toContain("broken promise of durability");
    lotty = new ExemplaryLotty();
    lotty.ask({ peek: true });
    expect(kindsIn(lotty.round(tamperLast({ durability: "committed" })))).toContain("broken promise of durability");
  });

  it("an assignment that does not follow from the decisions", () => {
    lotty.ask();
    const assignments = lotty.assignments().map((row) => ({ ...row, firstAt: row.firstAt - 60_000 }));
    expect(kindsIn(lotty.round({ assignments }))).toEqual(["wrong assignment"]);
  });

  it("a sticky subject that is moved", () => {
    lotty.change((definitions) => ({
      ...definitions,
      experiments: definitions.experiments.map((each) => ({ ...each, sticky: true })),
    }));
    const drawnBefore = lotty.ask().decisions?.[0];
    const emptied = drawnBefore?.variantId === "one-test-a" ? "a" : "b";
    const loose =
      (sticky: boolean) =>
      (definitions: ModelDefinitions): ModelDefinitions => ({
        ...definitions,
        experiments: definitions.experiments.map((each) => ({
          ...each,
          sticky,
          variants: each.variants.map((variant) => ({ ...variant, weight: variant.name === emptied ? 0 : 5_000 })),
        })),
      });
    lotty.change(loose(true));
    const moved = { ...lotty.configuration, definitions: loose(false)(lotty.configuration.definitions) };
    lotty.ask({}, moved);
    expect(kindsIn(lotty.round())).toEqual(["unexplained answer"]);
  });

  it("a row with a variant that nobody gets, though nobody was told of it", () => {
    const { decisions, ...attempt } = lotty.ask();
    const wrong = decisions?.[0]?.variantId === "one-test-a" ? "one-test-b" : "one-test-a";
    const failed: Attempt = { ...attempt, decisions: null, failure: "ECONNRESET" };
    const rows = lotty.rows.map((row) => ({ ...row, variantId: wrong }));
    const assignments = lotty.assignments().map((row) => ({ ...row, variantId: wrong }));
    expect(kindsIn(lotty.round({ attempts: [failed] }))).toEqual([]);
    expect(kindsIn(lotty.round({ attempts: [failed], rows, assignments }))).toContain("unexplained row");
  });
});

describe("kept outcomes", () => {
  function keeping(): Checker {
    return new Checker({
      configurations: lotty.configurations,
      troubles: lotty.troubles,
      processes: ["api-1"],
      promisedMillis: 1_000,
      historyTtlMillis: 0,
      outcomeTtlMillis: 60_000,
      past: [],
      counts: noChecks(),
    });
  }

  /** `one` is refused by now, but is answered as it was before. */
  function answeredAsBefore(waitMillis: number): Round {
    lotty.ask({ flags: ["one"] });
    lotty.ask({ flags: ["two"] });
    lotty.change((definitions) => ({
      ...definitions,
      domains: [
        {
          key: "exclusive",
          members: [
            { experiment: "one-test", priority: 0 },
            { experiment: "two-test", priority: 9 },
          ],
        },
      ],
      experiments: definitions.experiments.map((each) => (each.key === "one-test" ? { ...each } : each)),
    }));
    lotty.now += waitMillis;
    const unchanged = { ...lotty.configuration, definitions: { ...lotty.configuration.definitions, domains: [] } };
    lotty.ask({ flags: ["two"] }, unchanged);
    return lotty.round();
  }

  it("explain an answer that was given for a reason of its own before", () => {
    const judge = keeping();
    expect(judge.check(answeredAsBefore(5_000))).toEqual([]);
    expect(judge.counts.keptOutcome).toBe(1);
  });

  it("do not explain it when they cannot be kept any more, or nothing is kept", () => {
    expect(
      keeping()
        .check(answeredAsBefore(90_000))
        .map(({ kind }) => kind),
    ).toEqual(["unexplained answer"]);
    lotty = new ExemplaryLotty();
    expect(kindsIn(answeredAsBefore(5_000))).toEqual(["unexplained answer"]);
  });
});
