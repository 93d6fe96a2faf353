import { resultsCsv, type ResultsQuestion } from "@lotty/analysis";
import { cumulativePlot, forestPlot, funnelPlot } from "@lotty/charts";
import type { Read } from "@lotty/contracts";
import {
  type LedgerQuery,
  presentLedger,
  presentReport,
  readCumulativeQuery,
  readExportResultsQuery,
  readLedgerQuery,
  readResultsQuery,
  type ResultsQuery,
} from "@lotty/contracts/analysis";
import type { ExperimentReport } from "@lotty/domain";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import type { AdmittedExchange, Route, RouteHandler } from "../../routing/route.ts";
import { environmentOf } from "../control/asked-by.ts";
import { looking, nothingThere, withId } from "../control/looking.ts";
import {
  EXPORT_RESULTS_OPERATION,
  LEDGER_OPERATION,
  PLOT_OPERATIONS,
  RESULTS_OPERATION,
} from "./results-operations.ts";
import type { ResultsParts } from "./results-parts.ts";

const PATH = "/v1/experiments/:experiment_id/results";
const LOOK = { kind: "scope", scope: "read", role: "viewer" } as const;

/** What experiments have shown, down to what each number is made of. */
export function resultsRoutes({ results }: ResultsParts): readonly Route[] {
  const reported = <Query extends ResultsQuery>(
    read: (query: URLSearchParams) => Read<Query>,
    answer: (report: ExperimentReport, query: Query, asked: AdmittedExchange) => Answer,
  ): RouteHandler =>
    withId("experiment_id", (experimentId, asked) =>
      looking(read, async (query) => {
        const report = await results().results.report(questionOf(asked, experimentId, query));
        return report === undefined ? nothingThere(asked.requestId) : answer(report, query, asked);
      })(asked),
    );
  return [
    {
      method: "GET",
      path: PATH,
      access: LOOK,
      operation: RESULTS_OPERATION,
      handler: reported(readResultsQuery, (report) => jsonAnswer(presentReport(report))),
    },
    {
      method: "GET",
      path: `${PATH}/export`,
      access: LOOK,
      operation: EXPORT_RESULTS_OPERATION,
      handler: reported(readExportResultsQuery, (report, { format }) => fileOf(report, format)),
    },
    {
      method: "GET",
      path: `${PATH}/plots/forest.svg`,
      access: LOOK,
      operation: PLOT_OPERATIONS.forest,
      handler: reported(readResultsQuery, (report) => svgAnswer(forestPlot(report))),
    },
    {
      method: "GET",
      path: `${PATH}/plots/funnel.svg`,
      access: LOOK,
      operation: PLOT_OPERATIONS.funnel,
      handler: reported(readResultsQuery, (report) => svgAnswer(funnelPlot(report))),
    },
    {
      method: "GET",
      path: `${PATH}/plots/cumulative.svg`,
      access: LOOK,
      operation: PLOT_OPERATIONS.cumulative,
      handler: reported(readCumulativeQuery, (report, { metric, variant }, { requestId }) => {
        const svg = cumulativePlot(report, {
          ...(metric !== undefined && { metric }),
          ...(variant !== undefined && { variantId: variant }),
        });
        return svg === undefined ? nothingThere(requestId) : svgAnswer(svg);
      }),
    },
    {
      method: "GET",
      path: `${PATH}/ledger`,
      access: LOOK,
      operation: LEDGER_OPERATION,
      handler: withId("experiment_id", (experimentId, asked) =>
        looking(readLedgerQuery, async ({ after, limit, metric, variant }: LedgerQuery) => {
          const question = { ...questionOf(asked, experimentId, {}), metric, variantId: variant, limit };
          const page = await results().results.ledger({ ...question, after: after ?? null });
          return page === undefined ? nothingThere(asked.requestId) : jsonAnswer(presentLedger(page));
        })(asked),
      ),
    },
  ];
}

function questionOf(asked: AdmittedExchange, experimentId: string, query: ResultsQuery): ResultsQuestion {
  const { from, prior, segment, to, variants } = query;
  return {
    environmentId: environmentOf(asked),
    experimentId,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(variants !== undefined && { variantIds: variants }),
    ...(segment !== undefined && { segment }),
    ...(prior !== undefined && { priorSd: prior }),
  };
}

function fileOf(report: ExperimentReport, format: "csv" | "json"): Answer {
  const headers = { "content-disposition": `attachment; filename="results-${report.experimentId}.${format}"` };
  if (format === "json") return { ...jsonAnswer(presentReport(report)), headers };
  return { status: 200, mediaType: "text/csv; charset=utf-8", body: resultsCsv(report), headers };
}

function svgAnswer(svg: string): Answer {
  return { status: 200, mediaType: "image/svg+xml", body: svg };
}
