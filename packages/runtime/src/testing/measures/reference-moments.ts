import {
  EXPOSURE_EVENT_TYPE,
  MICROS_PER_DAY,
  momentColumns,
  type ArmMoments,
  type DecisionRecord,
  type EventRecord,
  type Instant,
  type MomentColumn,
  type MomentsQuestion,
  type SubjectMeasure,
} from "@lotty/domain";
import { createMeter } from "@lotty/metrics";

/** Everything that was ever sent, duplicates and all, in whatever order. */
export interface RawInput {
  readonly decisions: readonly DecisionRecord[];
  readonly events: readonly EventRecord[];
}

/** A subject that counts. */
interface Counted {
  readonly variantId: string;
  readonly exposedAt: Instant;
  readonly segments: Readonly<Record<string, unknown>>;
  readonly measure: SubjectMeasure;
}

/** The answer to a question worked out from the raw input, in the plainest way: no sums, no SQL, two passes over all rows. */
export function referenceMoments(
  raw: RawInput,
  question: MomentsQuestion,
  watermark: Instant | null,
): readonly ArmMoments[] {
  const { definition } = question.metric;
  const columns = momentColumns(definition);
  const counted = countedSubjects(raw, question, watermark).filter(({ measure }) => measure.value !== null);
  const rows = counted.map(({ measure }) => columns.map((column) => columnOf(measure, column)));
  const capped = capRows(rows, question);
  const groups = Map.groupBy(counted.keys(), (index) => JSON.stringify(groupOf(counted[index], question)));
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, members]) => {
      const own = members.map((index) => capped[index] ?? []);
      return { ...groupOf(counted[members[0] ?? -1], question), columns, ...twoPasses(own, columns.length) };
    });
}

function countedSubjects(raw: RawInput, question: MomentsQuestion, watermark: Instant | null): readonly Counted[] {
  const { completeOnly, experimentId, metric, population } = question;
  const meter = createMeter(metric.definition);
  const events = [...new Map(raw.events.map((event) => [event.eventId, event])).values()];
  const bySubject = Map.groupBy(events, ({ subjectId }) => subjectId);
  const decisions = raw.decisions.filter((decision) => decision.experimentId === experimentId);
  return [...Map.groupBy(decisions, ({ subjectId }) => subjectId)].flatMap(([subjectId, own]) => {
    const of = (bySubject.get(subjectId) ?? []).toSorted(byTime);
    const exposures = of.filter(
      ({ decisionId, eventType }) =>
        eventType === EXPOSURE_EVENT_TYPE && own.some((decision) => decision.decisionId === decisionId),
    );
    const variants = exposures.map(
      ({ decisionId }) => own.find((decision) => decision.decisionId === decisionId)?.variantId,
    );
    if (new Set(variants).size > 1) return [];
    const assigned = own.toSorted((a, b) => a.decidedAt - b.decidedAt)[0];
    const exposedAt = population === "exposed" ? exposures[0]?.occurredAt : assigned?.decidedAt;
    const variantId = population === "exposed" ? variants[0] : assigned?.variantId;
    if (exposedAt === undefined || variantId === undefined || variantId === null) return [];
    if (question.from !== null && exposedAt < question.from) return [];
    if (question.to !== null && exposedAt >= question.to) return [];
    if (completeOnly && (watermark === null || exposedAt + meter.microsAfter > watermark)) return [];
    const subject = meter.subject(exposedAt);
    for (const event of of) subject.take(event);
    return [{ variantId, exposedAt, segments: exposures[0]?.properties ?? {}, measure: subject.measure() }];
  });
}

function groupOf(
  subject: Counted | undefined,
  { by }: MomentsQuestion,
): Pick<ArmMoments, "variantId" | "cohortDay" | "segment"> {
  if (subject === undefined) throw new Error("Only subjects that count are in a group.");
  const { exposedAt, segments, variantId } = subject;
  const day = new Date(Math.floor(exposedAt / MICROS_PER_DAY) * 86_400_000).toISOString().slice(0, 10);
  const value = typeof by === "object" ? segments[by.segment] : undefined;
  return { variantId, cohortDay: by === "cohort_day" ? day : null, segment: typeof value === "string" ? value : null };
}

function byTime(a: EventRecord, b: EventRecord): number {
  return a.occurredAt - b.occurredAt || (a.eventId < b.eventId ? -1 : 1);
}

function columnOf(measure: SubjectMeasure, column: MomentColumn): number {
  const { covariate, covariateDenominator, denominator, value } = measure;
  return { value, denominator, covariate, covariate_denominator: covariateDenominator }[column] ?? 0;
}

function capRows(rows: readonly (readonly number[])[], { metric }: MomentsQuestion): readonly (readonly number[])[] {
  const { winsorizing } = metric.definition;
  if (winsorizing === null) return rows;
  const cap = (column: number, share: number | null): number | undefined => {
    const values = rows.map((row) => row[column] ?? 0).filter((value) => !winsorizing.ignoreZeros || value !== 0);
    values.sort((a, b) => a - b);
    if (share === null || values.length === 0) return undefined;
    const place = share * (values.length - 1);
    const low = values[Math.floor(place)] ?? 0;
    return low + (place - Math.floor(place)) * ((values[Math.ceil(place)] ?? 0) - low);
  };
  const columns = rows[0]?.map((_, column) => [cap(column, winsorizing.lower), cap(column, winsorizing.upper)]) ?? [];
  return rows.map((row) =>
    row.map((value, column) => {
      const [low = -Infinity, high = Infinity] = columns[column] ?? [];
      return Math.max(low, Math.min(high, value));
    }),
  );
}

function twoPasses(rows: readonly (readonly number[])[], columns: number): Pick<ArmMoments, "n" | "mean" | "m2"> {
  const each = Array.from({ length: columns }, (_, column) => column);
  const mean = each.map((column) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0) / rows.length);
  const product = (i: number, j: number): number =>
    rows.reduce((sum, row) => sum + ((row[i] ?? 0) - (mean[i] ?? 0)) * ((row[j] ?? 0) - (mean[j] ?? 0)), 0);
  return { n: rows.length, mean, m2: each.map((i) => each.map((j) => product(i, j))) };
}
