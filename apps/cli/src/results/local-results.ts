import {
  planFieldsOf,
  plannerQuestionOf,
  presentLedger,
  presentPlan,
  presentPower,
  presentReport,
  readPlan,
  readPower,
  readResultsQuery,
} from "@lotty/contracts/analysis";
import type { Command, PlanControl } from "@lotty/control-plane";
import { LottyError } from "@lotty/domain";
import type { RuntimeResults } from "@lotty/runtime";
import { done, expecting, given, nothingThere } from "../control/local-control.ts";
import type { ResultsSource } from "./results-source.ts";

/** What results in a database are worked out with. */
export interface LocalResults {
  /** Who asks, and in which environment. */
  readonly command: Command;
  readonly plans: PlanControl;
  readonly of: RuntimeResults;
}

/** Results in a database. */
export function localResults({ command, of, plans }: LocalResults): ResultsSource {
  const { environmentId } = command;
  return {
    report: async (experimentId, cut) => {
      const { from, prior, segment, to } = given(readResultsQuery(new URLSearchParams({ ...cut })));
      const report = await of.results.report({
        environmentId,
        experimentId,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(segment !== undefined && { segment }),
        ...(prior !== undefined && { priorSd: prior }),
      });
      if (report === undefined) throw nothingThere();
      return presentReport(report);
    },
    ledger: async (experimentId, { after = null, ...part }) => {
      const page = await of.results.ledger({ environmentId, experimentId, ...part, after });
      if (page === undefined) throw nothingThere();
      return presentLedger(page);
    },
    plan: async (experimentId) => presentPlan(await done(plans.find({ ...command, experimentId }))),
    putPlan: async (experimentId, body, version) => {
      const fields = planFieldsOf(given(readPlan(body)));
      return presentPlan(await done(plans.put({ ...command, ...expecting(version), experimentId, fields })));
    },
    power: async (body) => {
      const answer = await of.planner.plan(plannerQuestionOf(given(readPower(body)), environmentId));
      if (answer.status === "ok") return presentPower(answer);
      throw new LottyError("invalid_request", answer.message);
    },
  };
}
