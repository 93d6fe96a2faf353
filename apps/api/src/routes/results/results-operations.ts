import { idSchema, type Operation, type OperationParameter, textSchema } from "@lotty/contracts";
import {
  DEFAULT_LEDGER_LINES,
  exportFormatSchema,
  idsQuerySchema,
  ledgerLimitSchema,
  ledgerSchema,
  momentQuerySchema,
  priorQuerySchema,
  reportSchema,
} from "@lotty/contracts/analysis";
import { experimentIdParameter } from "../experiments/experiment-operations.ts";

const tags = ["Results"];

function inQuery(name: string, description: string, schema: OperationParameter["schema"]): OperationParameter {
  return { name, in: "query", description, schema };
}

const metric = inQuery("metric", "Key or id of a metric of the plan.", textSchema);

const cut: readonly OperationParameter[] = [
  inQuery("from", "Only subjects first exposed from then on: a cut that decides nothing.", momentQuerySchema),
  inQuery("to", "Only subjects first exposed before: a cut that decides nothing.", momentQuerySchema),
  inQuery("variants", "Ids of variants with commas between them; control is always there.", idsQuerySchema),
  inQuery("segment", "A property of exposures by which all metrics are split.", textSchema),
];

const prior = inQuery(
  "prior",
  "Puts Bayesian beliefs beside the results: lifts are normal around 0 with this standard deviation beforehand. They decide nothing.",
  priorQuerySchema,
);

/** What the description of the API says about `GET /v1/experiments/{experiment_id}/results`. */
export const RESULTS_OPERATION: Operation = {
  id: "experimentResults",
  summary: "What an experiment has shown",
  description:
    "The verdict with its reasons, whether the numbers can be trusted, and every metric of the plan by the plan's own rules.",
  tags,
  parameters: [experimentIdParameter, ...cut, prior],
  answers: { 200: { description: "The results.", schema: reportSchema } },
};

/** What the description of the API says about `GET /v1/experiments/{experiment_id}/results/ledger`. */
export const LEDGER_OPERATION: Operation = {
  id: "resultsLedger",
  summary: "What a number is made of",
  description: "Subject by subject: counted, or why not, down to the ids of events. In the order of the subjects' ids.",
  tags,
  parameters: [
    experimentIdParameter,
    { ...metric, required: true },
    { ...inQuery("variant", "Id of the variant.", idSchema), required: true },
    inQuery("after", "`next` of the page before.", textSchema),
    inQuery("limit", `Lines on a page, ${DEFAULT_LEDGER_LINES} by default.`, ledgerLimitSchema),
  ],
  answers: { 200: { description: "A page of the ledger.", schema: ledgerSchema } },
};

/** What the description of the API says about `GET /v1/experiments/{experiment_id}/results/export`. */
export const EXPORT_RESULTS_OPERATION: Operation = {
  id: "exportResults",
  summary: "Results as a file",
  description:
    "As CSV, a line for each variant of each metric, safe to open in a spreadsheet; or as the JSON of the results.",
  tags,
  parameters: [
    experimentIdParameter,
    inQuery("format", "`csv`, the default, or `json`.", exportFormatSchema),
    ...cut,
    prior,
  ],
  answers: {
    200: {
      description: "The file; with `format=json`, the JSON of the results.",
      mediaType: "text/csv",
      headers: { "Content-Disposition": "The name of the file." },
    },
  },
};

function plotOperation(name: string, summary: string, parameters: readonly OperationParameter[]): Operation {
  return {
    id: `${name}Plot`,
    summary,
    tags,
    parameters: [experimentIdParameter, ...parameters],
    answers: { 200: { description: "The plot.", mediaType: "image/svg+xml" } },
  };
}

/** What the description of the API says about the plots of results. */
export const PLOT_OPERATIONS: Readonly<Record<"forest" | "cumulative" | "funnel", Operation>> = {
  forest: plotOperation("forest", "All effects on one axis", cut),
  cumulative: plotOperation("cumulative", "An effect day by day", [
    metric,
    inQuery("variant", "Id of the variant; the first treatment by default.", idSchema),
  ]),
  funnel: plotOperation("funnel", "From decisions to numbers", cut),
};
