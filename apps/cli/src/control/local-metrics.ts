import { definitionOf, presentMetric, readMetricEdit, readNewMetric } from "@lotty/contracts";
import type { MetricSource } from "./control-source.ts";
import { done, given, type LocalControl, nothingThere } from "./local-control.ts";

/** Metrics in a database. */
export function localMetrics({ catalogue, command, metrics }: LocalControl): MetricSource {
  const { environmentId } = command;
  return {
    list: async () => (await catalogue.list(environmentId)).map(presentMetric),
    find: async (id, version) => {
      const metric = await catalogue.find(environmentId, id, version);
      if (metric === undefined) throw nothingThere();
      return presentMetric(metric);
    },
    create: async (body) => {
      const { definition, ...about } = given(readNewMetric(body));
      const fields = { ...about, definition: definitionOf(definition) };
      return presentMetric(await done(metrics.create({ ...command, fields })));
    },
    edit: async (metricId, expectedVersion, body) => {
      const { definition, ...about } = given(readMetricEdit(body));
      const edit = { ...about, ...(definition !== undefined && { definition: definitionOf(definition) }) };
      return presentMetric(await done(metrics.edit({ ...command, metricId, expectedVersion, edit })));
    },
  };
}
