import { formatInstant } from "@lotty/domain";
import type { Command } from "commander";
import { experimentNamed } from "../control/named.ts";
import { addEnvironmentOption, environmentKeyOf } from "../profiles/api-options.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import { show } from "./show.ts";

interface ParquetOptions {
  readonly experiment: string;
  readonly out: string;
  readonly environment?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ lotty export parquet --experiment summer --out summer-measures
  $ lotty results summer --parquet summer-measures

Works on the database of the settings. Needs DuckDB: the npm package @duckdb/node-api, which is optional.`;

/** `lotty export parquet`: what was measured in an experiment, subject by subject, as files. */
export function addExportParquetCommand(program: Command, terminal: Terminal): void {
  addEnvironmentOption(program.command("parquet"))
    .summary("write what was measured in an experiment to Parquet files")
    .description("Write first exposures and the measures of every subject, as of one moment, to Parquet files.")
    .requiredOption("--experiment <name>", "key or id")
    .requiredOption("--out <directory>", "a new directory, or an empty one")
    .option("--json", "print the manifest")
    .addHelpText("after", EXAMPLES)
    .action((options: ParquetOptions) => exportExperiment(terminal, options));
}

async function exportExperiment(terminal: Terminal, options: ParquetOptions): Promise<void> {
  const { experiment, out } = options;
  const { manifest, unfinished } = await withRuntime(
    terminal,
    async (runtime, environmentId) => {
      const [{ exportParquet }, { localControlSource }] = await Promise.all([
        import("@lotty/runtime"),
        import("../control/local-control-source.ts"),
      ]);
      const { id } = await experimentNamed(localControlSource(runtime, environmentId), experiment);
      return exportParquet(runtime.measures.onReplica.exporting, { environmentId, experimentId: id, directory: out });
    },
    environmentKeyOf(terminal, options),
  );
  if (unfinished.length > 0) {
    const count = unfinished.length === 1 ? "1 metric is" : `${String(unfinished.length)} metrics are`;
    await say(terminal, `${count} left out: still being measured for subjects that were there before.`);
  }
  const { exposures, metrics, watermark_micros: watermark } = manifest;
  const until = watermark === null ? "no events yet" : `events until ${formatInstant(watermark)}`;
  const lines = metrics.map(({ key, rows, version }) => `  ${key} (version ${version}): ${rows} measures`);
  await show(terminal, options, {
    json: manifest,
    text: () => [`Exported ${exposures.rows} exposed subjects, ${until}, to ${out}:`, ...lines].join("\n"),
  });
}
