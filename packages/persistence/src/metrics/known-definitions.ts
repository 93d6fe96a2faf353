import type { MeterMaker, MetricDefinition, MetricMeter } from "@lotty/domain";
import type { SqlConnection } from "../sql/sql-pool.ts";

const READ = "SELECT definition FROM metric_versions WHERE environment_id = $1 AND metric_id = $2 AND version = $3";

/** A version of a metric. */
export interface MetricVersion {
  readonly environmentId: string;
  readonly metricId: string;
  readonly metricVersion: number;
}

/** Definitions of metrics and their meters, kept once they were read: a version of a metric never changes. */
export class KnownDefinitions {
  readonly #meterOf: MeterMaker;
  readonly #definitions = new Map<string, MetricDefinition>();
  readonly #meters = new Map<string, MetricMeter>();

  constructor(meterOf: MeterMaker) {
    this.#meterOf = meterOf;
  }

  /** @returns `undefined` for a version that the catalogue does not have */
  async definition(connection: SqlConnection, version: MetricVersion): Promise<MetricDefinition | undefined> {
    const { environmentId, metricId, metricVersion } = version;
    const name = nameOf(version);
    const known = this.#definitions.get(name);
    if (known !== undefined) return known;
    const { rows } = await connection.query({ text: READ, values: [environmentId, metricId, metricVersion] });
    const definition = rows[0]?.["definition"];
    if (!isDefinition(definition)) return undefined;
    this.#definitions.set(name, definition);
    return definition;
  }

  /** @returns `undefined` for a version that the catalogue does not have */
  async meter(connection: SqlConnection, version: MetricVersion): Promise<MetricMeter | undefined> {
    const name = nameOf(version);
    const known = this.#meters.get(name);
    if (known !== undefined) return known;
    const definition = await this.definition(connection, version);
    if (definition === undefined) return undefined;
    const meter = this.#meterOf(definition);
    this.#meters.set(name, meter);
    return meter;
  }
}

function nameOf({ environmentId, metricId, metricVersion }: MetricVersion): string {
  return `${environmentId} ${metricId} ${String(metricVersion)}`;
}

/** The column holds what the checks of the catalogue let through. */
function isDefinition(value: unknown): value is MetricDefinition {
  return typeof value === "object" && value !== null && "kind" in value;
}
