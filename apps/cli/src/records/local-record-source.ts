import { presentErasure, presentRecord, presentReplay, presentSubject, type RecordResponse } from "@lotty/contracts";
import type { DecisionRecord } from "@lotty/domain";
import type { Runtime } from "@lotty/runtime";
import { localActor } from "../people/local-actor.ts";
import { decisionIdOf, noDecision, noExperiment, subjectIdOf, uuidOf } from "./record-names.ts";
import type { FoundRecords, RecordFilter, RecordSource } from "./record-source.ts";
import { replaySpan } from "./replay-span.ts";

/** Decisions on one page. */
const PAGE = 500;

/** How far the clock that made a decision may be ahead of this one. */
const AHEAD_MICROS = 60_000_000;

/** How much of the log a subject's page shows. */
const LIMITS = { days: 30, decisions: 20 };

/** The decisions on record of an environment in the database of a runtime. */
export function localRecordSource(runtime: Runtime, environmentId: string): RecordSource {
  const { clock, records } = runtime;
  const find = async (given: string): Promise<DecisionRecord> => {
    const decision = await records.find(environmentId, decisionIdOf(given));
    if (decision === null) throw noDecision(given);
    return decision;
  };
  const refTo = (given: string): { readonly environmentId: string; readonly subjectId: string } => ({
    environmentId,
    subjectId: subjectIdOf(given),
  });
  return {
    list: (filter) => list(runtime, environmentId, filter),
    find: async (given) => presentRecord(await find(given)),
    replay: async (given, attributes) => {
      const decision = await find(given);
      return presentReplay(decision.decisionId, await records.replay(decision, attributes));
    },
    replayAll: (run) => {
      const span = { environmentId, from: run.from, to: clock.now() + AHEAD_MICROS, limit: PAGE };
      const pages = {
        page: async (before: string | undefined) => {
          const { decisions, next } = await records.list({ ...span, ...(before !== undefined && { before }) });
          return { items: decisions, next };
        },
        replay: async (decision: DecisionRecord) =>
          presentReplay(decision.decisionId, await records.replay(decision, null)),
      };
      return replaySpan(pages, run);
    },
    subject: async (given) => presentSubject(await records.subject(refTo(given), LIMITS)),
    erase: async (given) => presentErasure(await records.erase(refTo(given), localActor())),
  };
}

async function list(
  { clock, records, snapshots }: Runtime,
  environmentId: string,
  { experiment, flag, from, limit, subject }: RecordFilter,
): Promise<FoundRecords> {
  const experiments = snapshots.current(environmentId).experiments.values();
  const named = [...experiments].find((each) => each.experiment.key === experiment)?.experiment.id;
  const experimentId = named ?? (experiment === undefined ? undefined : uuidOf(experiment));
  if (experiment !== undefined && experimentId === undefined) throw noExperiment(experiment);
  const found: RecordResponse[] = [];
  let before: string | null | undefined;
  // One more tells whether there are more.
  while (before !== null && found.length <= limit) {
    const page = await records.list({
      environmentId,
      from,
      to: clock.now() + AHEAD_MICROS,
      limit: Math.min(PAGE, limit + 1),
      ...(subject !== undefined && { subjectId: subject }),
      ...(experimentId !== undefined && { experimentId }),
      ...(flag !== undefined && { flagKey: flag }),
      ...(before !== undefined && { before }),
    });
    found.push(...page.decisions.map(presentRecord));
    before = page.next;
  }
  return { decisions: found.slice(0, limit), more: found.length > limit };
}
