import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  type DecisionRecord,
  type RecordOutcome,
  type RecordRequest,
  type SubjectHistory,
} from "@lotty/domain";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  assigningDecision,
  assignmentOf,
  byDecisionId,
  byExperiment,
  sampleDecision,
  STORE_NOW,
  storeExperiments,
  TREACHEROUS_TEXTS,
  type OpenedDecisionStore,
  type SampleSubject,
} from "./decision-store-fixture.ts";

/** A recorder to be tested, with what it takes to see what became of the decisions. */
export type OpenedDecisionRecorder = Pick<
  OpenedDecisionStore,
  "configuration" | "history" | "recorder" | "storedDecisions" | "close"
>;

/** Registers the tests that every decision recorder passes. One store serves all of them. */
export function describeDecisionRecorder(name: string, open: () => Promise<OpenedDecisionRecorder>): void {
  describe(`decision recorder ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedDecisionRecorder;
    let experiments: readonly string[];
    let one: string;
    let two: string;
    beforeAll(async () => {
      opened = await open();
      experiments = await storeExperiments(opened.configuration, environmentId, 10);
      [one = "", two = ""] = experiments;
    });
    afterAll(() => opened.close());

    const someone = (): SampleSubject => ({ environmentId, subjectId: randomUUID() });
    const record = (
      subject: SampleSubject,
      decisions: readonly DecisionRecord[],
      basedOn: SubjectHistory | null,
    ): Promise<RecordOutcome> => opened.recorder.record({ ...subject, decisions, basedOn });
    const historyOf = async ({ subjectId }: SampleSubject): Promise<SubjectHistory> =>
      byExperiment(await opened.history.load(environmentId, subjectId));
    const stored = async (decisions: readonly DecisionRecord[]): Promise<readonly DecisionRecord[]> =>
      byDecisionId(await opened.storedDecisions(decisions.map(({ decisionId }) => decisionId)));
    const committed: RecordOutcome = { status: "committed" };

    describe("what is written", () => {
      it("commits a request without decisions", async () => {
        expect(await record(someone(), [], [])).toStrictEqual(committed);
      });

      it("keeps every field of a decision", async () => {
        const subject = someone();
        const decisions = [
          sampleDecision(subject),
          sampleDecision(subject, { reason: "no_active_experiment", value: "by a rule", ruleId: randomUUID() }),
          assigningDecision(subject, one, {
            flagVersion: 12,
            experimentVersion: 34,
            attributesDigest: "0123456789abcdef".repeat(4),
            decidedAt: STORE_NOW + 1,
          }),
        ];
        expect(await record(subject, decisions, [])).toStrictEqual(committed);
        expect(await stored(decisions)).toStrictEqual(byDecisionId(decisions));
      });

      it("keeps texts byte by byte", async () => {
        for (const text of TREACHEROUS_TEXTS) {
          const subject = { environmentId, subjectId: `${text}${randomUUID()}` };
          const decision = assigningDecision(subject, one, { flagKey: text, value: text });
          expect(await record(subject, [decision], [])).toStrictEqual(committed);
          expect(await stored([decision])).toStrictEqual([decision]);
          expect(await historyOf(subject)).toStrictEqual([assignmentOf(decision)]);
        }
      });

      it("joins several decisions on one experiment in one assignment", async () => {
        const subject = someone();
        const decisions = [5, 9, 7].map((offset) => assigningDecision(subject, one, { decidedAt: STORE_NOW + offset }));
        expect(await record(subject, decisions, [])).toStrictEqual(committed);
        expect(await historyOf(subject)).toStrictEqual([
          {
            experimentId: one,
            variantId: decisions[1]?.variantId,
            firstDecidedAt: STORE_NOW + 5,
            lastDecidedAt: STORE_NOW + 9,
          },
        ]);
      });
    });

    describe("what it rests on", () => {
      it("commits first assignments that rest on the history as it is", async () => {
        const subject = someone();
        const first = assigningDecision(subject, one);
        expect(await record(subject, [first], [])).toStrictEqual(committed);
        const second = assigningDecision(subject, two);
        expect(await record(subject, [second], [assignmentOf(first)])).toStrictEqual(committed);
        expect(await historyOf(subject)).toStrictEqual([first, second].map(assignmentOf));
      });

      it("compares histories by their experiments alone, in any order", async () => {
        const subject = someone();
        const decisions = experiments.slice(0, 3).map((id) => assigningDecision(subject, id));
        expect(await record(subject, decisions, [])).toStrictEqual(committed);
        const distorted = decisions.map((decision) => ({ ...assignmentOf(decision), lastDecidedAt: 1 })).toReversed();
        const next = assigningDecision(subject, experiments[3] ?? "");
        expect(await record(subject, [next], distorted)).toStrictEqual(committed);
      });

      it("writes nothing and tells the history when the subject takes part in something else", async () => {
        const subject = someone();
        const first = assigningDecision(subject, one);
        await record(subject, [first], []);
        const late = [assigningDecision(subject, two), sampleDecision(subject)];
        expect(await record(subject, late, [])).toStrictEqual({
          status: "history_changed",
          history: [assignmentOf(first)],
        });
        expect(await stored(late)).toStrictEqual([]);
        expect(await historyOf(subject)).toStrictEqual([assignmentOf(first)]);
      });

      it("refuses a first assignment in an experiment that the subject has meanwhile joined", async () => {
        const subject = someone();
        const first = assigningDecision(subject, one);
        await record(subject, [first], []);
        const again = assigningDecision(subject, one);
        const outcome = await record(subject, [again], []);
        expect(outcome).toStrictEqual({ status: "history_changed", history: [assignmentOf(first)] });
      });

      it("refuses what rests on assignments that do not exist", async () => {
        const subject = someone();
        const imagined = assignmentOf(assigningDecision(subject, one));
        for (const experimentId of [one, two]) {
          const decision = assigningDecision(subject, experimentId);
          expect(await record(subject, [decision], [imagined])).toStrictEqual({
            status: "history_changed",
            history: [],
          });
          expect(await stored([decision])).toStrictEqual([]);
        }
      });

      it("does not ask for the history when nothing is assigned for the first time", async () => {
        const subject = someone();
        const decisions = [one, two].map((id) => assigningDecision(subject, id));
        await record(subject, decisions, []);
        const repeated = assigningDecision(subject, one, { decidedAt: STORE_NOW + 1 });
        const outdated = decisions.slice(0, 1).map(assignmentOf);
        expect(await record(subject, [repeated], outdated)).toStrictEqual(committed);
        expect(await record(subject, [sampleDecision(subject)], [])).toStrictEqual(committed);
        const [renewed] = await historyOf(subject);
        expect(renewed).toStrictEqual({ ...assignmentOf(repeated), firstDecidedAt: STORE_NOW });
      });

      it("refuses to repeat a variant that has been replaced, and takes one that the history did not give", async () => {
        const subject = someone();
        const first = assigningDecision(subject, one);
        const second = assigningDecision(subject, one, { decidedAt: STORE_NOW + 1 });
        await record(subject, [first], []);
        const old = [assignmentOf(first)];
        expect(await record(subject, [second], old)).toStrictEqual(committed);
        const again = assigningDecision(subject, one, { variantId: first.variantId, decidedAt: STORE_NOW + 2 });
        const newest = { ...assignmentOf(second), firstDecidedAt: STORE_NOW };
        const refused = { status: "history_changed", history: [newest] };
        expect(await record(subject, [again], old)).toStrictEqual(refused);
        const besides = [again, assigningDecision(subject, two)];
        expect(await record(subject, besides, old)).toStrictEqual(refused);
        expect(await stored(besides)).toStrictEqual([]);
        expect(await record(subject, besides, [newest])).toStrictEqual(committed);
      });

      it("takes decisions without a history as long as their assignments exist", async () => {
        const subject = someone();
        const decision = assigningDecision(subject, one);
        expect(await record(subject, [decision], null)).toStrictEqual({ status: "history_changed", history: [] });
        expect(await record(subject, [sampleDecision(subject)], null)).toStrictEqual(committed);
        await record(subject, [decision], []);
        const repeated = assigningDecision(subject, one, { decidedAt: STORE_NOW + 1 });
        expect(await record(subject, [repeated], null)).toStrictEqual(committed);
        const beyond = [assigningDecision(subject, one), assigningDecision(subject, two)];
        expect(await record(subject, beyond, null)).toMatchObject({ status: "history_changed" });
        expect(await stored(beyond)).toStrictEqual([]);
      });

      it("does what the rules say in any sequence of requests", async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
            const subject = someone();
            const held = new Set<string>();
            for (const { assigns, rests } of steps) {
              const ids = assigns.map((index) => experiments[index] ?? "");
              const based = rests?.map((index) => experiments[index] ?? "") ?? null;
              const decisions = [sampleDecision(subject), ...ids.map((id) => assigningDecision(subject, id))];
              const basedOn = based?.map((id) => assignmentOf(assigningDecision(subject, id))) ?? null;
              const outcome = await record(subject, decisions, basedOn);
              const passes = mayPass(ids, based, held);
              expect(outcome.status).toBe(passes ? "committed" : "history_changed");
              if (passes) ids.forEach((id) => held.add(id));
              const history = outcome.status === "history_changed" ? outcome.history : await historyOf(subject);
              expect(history.map(({ experimentId }) => experimentId).toSorted()).toStrictEqual([...held].toSorted());
              expect(await stored(decisions)).toHaveLength(passes ? decisions.length : 0);
            }
          }),
          { numRuns: 40 },
        );
      });
    });

    describe("repetition", () => {
      it("commits what is stored already, however the history has gone on, and changes nothing", async () => {
        const subject = someone();
        const first = [assigningDecision(subject, one), sampleDecision(subject)];
        const second = assigningDecision(subject, two);
        await record(subject, first, []);
        expect(await record(subject, first, [])).toStrictEqual(committed);
        await record(subject, [second], first.slice(0, 1).map(assignmentOf));
        expect(await record(subject, first, [])).toStrictEqual(committed);
        expect(await record(subject, first, null)).toStrictEqual(committed);
        expect(await stored([...first, second])).toStrictEqual(byDecisionId([...first, second]));
        expect(await historyOf(subject)).toStrictEqual([...first.slice(0, 1), second].map(assignmentOf));
      });

      it("commits all of several equal requests at once", async () => {
        const subject = someone();
        const decision = assigningDecision(subject, one);
        const outcomes = await Promise.all(Array.from({ length: 10 }, () => record(subject, [decision], [])));
        expect(outcomes).toStrictEqual(outcomes.map(() => committed));
        expect(await historyOf(subject)).toStrictEqual([assignmentOf(decision)]);
      });
    });

    describe("many at once", () => {
      it("commits first assignments of many subjects", async () => {
        const requests = Array.from({ length: 1_500 }, (_, index): RecordRequest => {
          const subject = someone();
          const decision =
            index % 2 === 0 ? assigningDecision(subject, experiments[index % 10] ?? "") : sampleDecision(subject);
          return { ...subject, decisions: [decision], basedOn: [] };
        });
        const outcomes = await Promise.all(requests.map((request) => opened.recorder.record(request)));
        expect(outcomes.every(({ status }) => status === "committed")).toBe(true);
        expect(await stored(requests.flatMap(({ decisions }) => decisions))).toHaveLength(requests.length);
      });

      it("lets exactly one of several first assignments of one subject pass", async () => {
        const subject = someone();
        const decisions = experiments.map((id) => assigningDecision(subject, id));
        const outcomes = await Promise.all(decisions.map((decision) => record(subject, [decision], [])));
        const refused = outcomes.filter((outcome) => outcome.status === "history_changed");
        expect(refused).toHaveLength(decisions.length - 1);
        const history = await historyOf(subject);
        expect(history).toHaveLength(1);
        for (const outcome of refused) expect(outcome.history).toStrictEqual(history);
        expect(await stored(decisions)).toHaveLength(1);
      });

      it("keeps a limit that every request checks before it records", async () => {
        const subject = someone();
        const decisions = Array.from({ length: 60 }, (_, index) =>
          assigningDecision(subject, experiments[index % 10] ?? ""),
        );
        await Promise.all(
          decisions.map(async (decision) => {
            let history: SubjectHistory = [];
            for (;;) {
              const known = history.some(({ experimentId }) => experimentId === decision.experimentId);
              const decided = known || history.length < 3 ? decision : sampleDecision(subject);
              const outcome = await record(subject, [decided], history);
              if (outcome.status !== "history_changed") return;
              history = outcome.history;
            }
          }),
        );
        expect(await historyOf(subject)).toHaveLength(3);
      });

      it("rejects a decision that cannot be stored and none beside it", async () => {
        const requests = Array.from({ length: 100 }, (_, index): RecordRequest => {
          const subject = someone();
          const good = assigningDecision(subject, one);
          const bad = sampleDecision(subject, { value: index === 33 ? "a\0b" : "a\ud800" });
          return { ...subject, decisions: index % 33 === 0 && index > 0 ? [good, bad] : [good], basedOn: [] };
        });
        const outcomes = await Promise.allSettled(requests.map((request) => opened.recorder.record(request)));
        for (const [index, request] of requests.entries()) {
          const outcome = outcomes[index];
          if (request.decisions.length === 1) expect(outcome).toStrictEqual({ status: "fulfilled", value: committed });
          else expect(outcome).toMatchObject({ reason: { code: "decision_rejected", retryable: false } });
          expect(await stored(request.decisions)).toHaveLength(request.decisions.length === 1 ? 1 : 0);
        }
      });
    });
  });
}

/** A request: the experiments that it assigns and those that its history has, `null` without a history. */
const step = fc.record({
  assigns: fc.uniqueArray(fc.nat({ max: 2 }), { maxLength: 2 }),
  rests: fc.option(fc.uniqueArray(fc.nat({ max: 2 }), { maxLength: 3 })),
});

/** The rule of the port, said once more. */
function mayPass(assigns: readonly string[], rests: readonly string[] | null, held: ReadonlySet<string>): boolean {
  const isFirst = rests !== null && assigns.some((id) => !rests.includes(id));
  if (!isFirst) return assigns.every((id) => held.has(id));
  return rests.length === held.size && rests.every((id) => held.has(id));
}
