import type { MetricResponse } from "@lotty/contracts";
import type { Command } from "commander";
import type { ControlSource } from "../control/control-source.ts";
import { metricNamed } from "../control/named.ts";
import { renderMetric, renderMetrics } from "../control/render-metrics.ts";
import { withControl } from "../control/with-control.ts";
import type { PlaceOptions } from "../profiles/api-options.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, announce, type VersionOptions } from "./control-options.ts";
import { addMetricFields, metricBody, type MetricFieldOptions } from "./metric-fields.ts";
import { show } from "./show.ts";
import { wholeOption } from "./whole-option.ts";

const EXAMPLES = `
Examples:
  $ lotty metric create orders --kind conversion --event purchase --window 72
  $ lotty metric create revenue --kind sum --event purchase --filter 'currency == "EUR"' --owner "team web"
  $ lotty metric create latency --definition @latency.json
  $ lotty metric edit orders --window 168
  $ lotty metric show orders --version 1

Works on the database of the settings, or with --url or a profile through an API. Metrics go by key or id.`;

type CreateOptions = PlaceOptions & MetricFieldOptions;
type EditOptions = CreateOptions & VersionOptions;
type ChangeOptions = PlaceOptions & VersionOptions;

/** `lotty metric`: keeps what experiments are measured by. */
export function addMetricCommands(program: Command, { terminal }: CommandContext): void {
  const metric = program
    .command("metric")
    .summary("list, make, change or archive metrics")
    .description("Keep what experiments are measured by. Every change makes a version; plans name the one they mean.")
    .addHelpText("after", EXAMPLES);
  addLooking(metric, terminal);
  addMetricFields(addControlOptions(metric.command("create").description("Make a metric.")))
    .argument("<key>")
    .action((key: string, options: CreateOptions) =>
      shown(terminal, options, async (source) =>
        source.metrics.create({ key, ...(await metricBody(terminal, options)) }),
      ),
    );
  addMetricFields(addVersionOption(addControlOptions(metric.command("edit").description("Change a metric."))))
    .argument("<metric>", "key or id")
    .action((name: string, options: EditOptions) =>
      edit(terminal, options, { name, body: ({ definition }) => metricBody(terminal, options, definition) }),
    );
  for (const [action, archived, description] of [
    ["archive", true, "Let no new plan name a metric."],
    ["unarchive", false, "Take a metric out of the archive."],
  ] as const) {
    addVersionOption(addControlOptions(metric.command(action).description(description)))
      .argument("<metric>", "key or id")
      .action((name: string, options: ChangeOptions) =>
        edit(terminal, options, { name, body: () => Promise.resolve({ archived }) }),
      );
  }
}

function addLooking(metric: Command, terminal: Terminal): void {
  addControlOptions(metric.command("list").description("Show all metrics.")).action(async (options: PlaceOptions) => {
    const metrics = await withControl(terminal, options, (source) => source.metrics.list());
    await show(terminal, options, { json: { metrics }, text: (paint) => renderMetrics(metrics, paint) });
  });
  addControlOptions(metric.command("show").description("Show a metric, as it is or as it was."))
    .argument("<metric>", "key or id")
    .option("--version <number>", "as it was at this version", wholeOption)
    .action((name: string, options: ChangeOptions) =>
      shown(terminal, options, async (source) => {
        const found = await metricNamed(source, name);
        return options.version === undefined ? found : source.metrics.find(found.id, options.version);
      }),
    );
}

interface Edit {
  readonly name: string;
  readonly body: (before: MetricResponse) => Promise<object>;
}

function edit(terminal: Terminal, options: ChangeOptions, { body, name }: Edit): Promise<void> {
  return shown(terminal, options, async (source) => {
    const before = await metricNamed(source, name);
    await announce(terminal, options, `Changing version ${before.version} of ${before.key}.`);
    return source.metrics.edit(before.id, options.version ?? before.version, await body(before));
  });
}

async function shown(
  terminal: Terminal,
  options: PlaceOptions,
  work: (source: ControlSource) => Promise<MetricResponse>,
): Promise<void> {
  const metric = await withControl(terminal, options, work);
  await show(terminal, options, { json: metric, text: (paint) => renderMetric(metric, paint) });
}
