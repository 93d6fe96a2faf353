import type { EventType, Instant, Metric } from "@lotty/domain";
import type { RecordStamp } from "../build-records.ts";
import type { Difference } from "../difference.ts";
import { type KindPlan, type KindToPlan, planKind } from "../plan-kind.ts";
import { describeEventType, describeMetric } from "./describe-measures.ts";
import type { EventTypeDefinition, StatedMetric } from "./measured-definitions.ts";
import { printEventType, printMetric } from "./print-measures.ts";

/** What event types or metrics are planned from. */
export interface CatalogueToPlan<Wanted, Stored> {
  readonly wanted: readonly Wanted[];
  readonly stored: readonly Stored[];
  readonly prune: boolean;
  readonly environmentId: string;
  readonly stamp: RecordStamp;
}

/** What is to be done with event types or metrics. None goes. */
export type CataloguePlan<Stored> = Pick<KindPlan<unknown, Stored>, "put" | "summary" | "idByKey">;

/** Compares the event types of a file with those that are stored. Pruned ones are archived, because events name them. */
export function planEventTypes(given: CatalogueToPlan<EventTypeDefinition, EventType>): CataloguePlan<EventType> {
  const { environmentId, prune, stamp, stored, wanted } = given;
  const plan = planShelved({
    kind: "event_type",
    wanted,
    stored: stored.map((type) => ({ ...type, id: type.key })),
    prune,
    fields: printEventType,
    describe: describeEventType,
    build: ({ archived, ...said }, before) => ({
      id: said.key,
      environmentId,
      ...said,
      archivedAt: shelved(archived, before, stamp.now),
      version: (before?.version ?? 0) + 1,
      updatedAt: stamp.now,
    }),
  });
  return { ...plan, put: plan.put.map(({ id: _id, ...type }) => type) };
}

/** Compares the metrics of a file with those that are stored. Pruned ones are archived, because plans name them. */
export function planMetrics(given: CatalogueToPlan<StatedMetric, Metric>): CataloguePlan<Metric> {
  const { environmentId, prune, stamp, stored, wanted } = given;
  return planShelved({
    kind: "metric",
    wanted,
    stored,
    prune,
    fields: printMetric,
    describe: describeMetric,
    build: ({ archived, ...said }, before) => ({
      id: before?.id ?? stamp.newId("metric", said.key),
      environmentId,
      ...said,
      archivedAt: shelved(archived, before, stamp.now),
      version: (before?.version ?? 0) + 1,
      updatedAt: stamp.now,
    }),
  });
}

interface Shelved {
  readonly id: string;
  readonly key: string;
  readonly archivedAt: Instant | null;
}

function shelved(archived: boolean, before: Shelved | undefined, now: Instant): Instant | null {
  return archived ? (before?.archivedAt ?? now) : null;
}

/** Plans things of a kind of which none is ever removed. */
function planShelved<Wanted extends { readonly key: string; readonly archived: boolean }, Stored extends Shelved>(
  given: KindToPlan<Wanted, Stored>,
): CataloguePlan<Stored> {
  const { build, describe, fields, kind, prune, wanted } = given;
  const stated = new Set(wanted.map(({ key }) => key));
  const isOutdated = ({ archivedAt, key }: Stored): boolean => prune && archivedAt === null && !stated.has(key);
  const outdated = given.stored.filter(isOutdated);
  const plan = planKind({ kind, wanted, fields, describe, build, prune: false, stored: given.stored });
  const put = outdated.map((stored) => build({ ...describe(stored), archived: true }, stored));
  const gone = new Set(outdated.map(({ key }) => key));
  const archived = outdated.map(({ key }): Difference => {
    return { kind, key, action: "changed", fields: [{ field: "archived", from: undefined, to: true }] };
  });
  const summary = plan.summary.filter(({ key }) => !gone.has(key));
  return { put: [...plan.put, ...put], idByKey: plan.idByKey, summary: [...summary, ...archived] };
}
