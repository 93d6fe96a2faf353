import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { postgresReportSource, type ReportSource } from "@lotty/persistence";
import { SILENT } from "../silent-logger.ts";

const TIMEOUT_MILLIS = 60_000;

/** What the reports of two databases say about all flags. */
export interface ReportComparison {
  /** Decisions that the reports of the replica count. */
  readonly decisions: number;
  /** Subjects that they count in variants. */
  readonly subjects: number;
  /** Flags about which the two disagree. */
  readonly differing: number;
  /** Reports that were not read from a standby. */
  readonly notFromStandby: number;
}

/** Asks a primary and its replica for the report of every flag. */
export async function compareReports(primaryUrl: string, replicaUrl: string): Promise<ReportComparison> {
  const [primary, replica] = [primaryUrl, replicaUrl].map((url) =>
    postgresReportSource({ url, timeoutMillis: TIMEOUT_MILLIS, connectTimeoutMillis: TIMEOUT_MILLIS, logger: SILENT }),
  );
  if (primary === undefined || replica === undefined) throw new Error("There are two.");
  try {
    return await compare(primary, replica);
  } finally {
    await Promise.all([primary.close(), replica.close()]);
  }
}

async function compare(primary: ReportSource, replica: ReportSource): Promise<ReportComparison> {
  const environmentId = DEFAULT_ENVIRONMENT_ID;
  const { experiments, flags } = await primary.configuration.load(environmentId);
  const result = { decisions: 0, subjects: 0, differing: 0, notFromStandby: 0 };
  for (const { id, key } of flags) {
    const experimentId = experiments.find(({ flagId }) => flagId === id)?.id ?? randomUUID();
    const question = { environmentId, flagKey: key, experimentId, from: 0, to: Date.now() * 1_000 };
    const { standby, ...copy } = await replica.reports.spread(question);
    const { standby: none, ...own } = await primary.reports.spread(question);
    if (!isDeepStrictEqual(copy, own)) result.differing += 1;
    if (standby === null || none !== null) result.notFromStandby += 1;
    result.decisions += Object.values(copy.reasons).reduce((sum, count) => sum + count, 0);
    result.subjects += copy.variants.reduce((sum, variant) => sum + variant.subjects, 0);
  }
  return result;
}
