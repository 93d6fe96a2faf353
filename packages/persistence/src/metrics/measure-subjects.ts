import type { Instant, MeasuredEvent, MetricMeter, SubjectMeasure, SubjectMeter } from "@lotty/domain";
import type { SqlConnection } from "../sql/sql-pool.ts";
import { readSubjectEvents } from "./read-subject-events.ts";

/** One subject to be measured by one metric, from one first exposure. */
export interface Measurement<About> {
  readonly subjectId: string;
  readonly exposedAt: Instant;
  readonly meter: MetricMeter;
  /** Events of some types do not count before an instant, such as the exposure of a subject that counts since its assignment. */
  readonly waits?: { readonly eventTypes: ReadonlySet<string>; readonly until: Instant };
  /** What the caller wants to find in the answer again. */
  readonly about: About;
}

/** What came of a {@link Measurement}. */
export interface Measured<About> extends Omit<Measurement<About>, "waits"> {
  readonly measure: SubjectMeasure;
}

/** What one subject is measured by. */
interface SubjectWork {
  from: Instant;
  to: Instant;
  readonly takers: ((event: MeasuredEvent) => void)[];
}

/**
 * Measures subjects by metrics: reads the events of each subject once, whatever it is measured by, and hands them to the meters.
 * Inside of a transaction.
 */
export async function measureSubjects<About>(
  connection: SqlConnection,
  environmentId: string,
  measurements: readonly Measurement<About>[],
): Promise<readonly Measured<About>[]> {
  const bySubject = new Map<string, SubjectWork>();
  const begun = measurements.map((measurement) => {
    const { exposedAt, meter, subjectId } = measurement;
    const work = workOf(bySubject, subjectId);
    const subject = meter.subject(exposedAt);
    work.from = Math.min(work.from, exposedAt - meter.microsBefore);
    work.to = Math.max(work.to, exposedAt + meter.microsAfter);
    work.takers.push(takerOf(measurement, subject));
    return { measurement, subject };
  });
  const meters = [...new Set(measurements.map(({ meter }) => meter))];
  const works = [...bySubject.values()];
  const question = {
    environmentId,
    spans: [...bySubject].map(([subjectId, { from, to }]) => ({ subjectId, from, to })),
    eventTypes: [...new Set(meters.flatMap(({ eventTypes }) => eventTypes))],
    propertiesOf: [...new Set(meters.flatMap(({ readsPropertiesOf }) => readsPropertiesOf))],
  };
  await readSubjectEvents(connection, question, (index, event) => {
    for (const take of works[index]?.takers ?? []) take(event);
  });
  return begun.map(({ measurement: { about, exposedAt, meter, subjectId }, subject }) => ({
    subjectId,
    exposedAt,
    meter,
    about,
    measure: subject.measure(),
  }));
}

function takerOf<About>(
  { exposedAt, waits }: Measurement<About>,
  subject: SubjectMeter,
): (event: MeasuredEvent) => void {
  if (waits === undefined) return (event) => subject.take(event);
  const { eventTypes, until } = waits;
  return (event) => {
    // What came before the window is a covariate, which waits for nothing.
    const isEarly = event.occurredAt >= exposedAt && event.occurredAt < until;
    if (!isEarly || !eventTypes.has(event.eventType)) subject.take(event);
  };
}

function workOf(works: Map<string, SubjectWork>, subjectId: string): SubjectWork {
  const known = works.get(subjectId);
  if (known !== undefined) return known;
  const work: SubjectWork = { from: Infinity, to: -Infinity, takers: [] };
  works.set(subjectId, work);
  return work;
}
