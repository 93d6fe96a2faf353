import {
  MICROS_PER_DAY,
  type ArmMoments,
  type ExperimentFunnel,
  type ExperimentMoments,
  type FunnelAnswer,
  type Instant,
  type LedgerPage,
  type Metric,
  type MomentColumn,
  momentsAnswer,
  type MomentsAnswer,
  type MomentsQuestion,
  type SubjectValue,
} from "@lotty/domain";

/** What was measured of a subject for a metric. */
export interface SubjectMeasurement {
  readonly value: number;
  readonly denominator?: number;
  readonly covariate?: number;
  readonly covariateDenominator?: number;
  /** Of quantiles: the values of all events. */
  readonly values?: readonly number[];
}

/** A subject of an experiment with all that was measured of it. */
export interface MeasuredSubject {
  readonly subjectId: string;
  readonly variantId: string;
  /** `null` for a subject that was decided for and never exposed. */
  readonly exposedAt: Instant | null;
  /** Whether it was exposed to several variants. */
  readonly several?: boolean;
  readonly segments?: Readonly<Record<string, string>>;
  /** By the metric's key; subjects without one are not in its numbers. */
  readonly measures: Readonly<Record<string, SubjectMeasurement>>;
}

/** What experiments measured, computed from their subjects whenever it is asked for. */
export class MemoryMeasures implements ExperimentMoments, ExperimentFunnel {
  readonly #subjects = new Map<string, readonly MeasuredSubject[]>();
  /** Events received before this instant are in. */
  watermark: Instant | null = null;

  /** Says what the subjects of an experiment are, from now on. */
  set(experimentId: string, subjects: readonly MeasuredSubject[]): void {
    this.#subjects.set(experimentId, subjects);
  }

  async moments(question: MomentsQuestion): Promise<MomentsAnswer> {
    const columns = columnsOf(question.metric);
    const groups = Map.groupBy(this.#counted(question), (subject) => JSON.stringify(partOf(subject, question)));
    const arms = [...groups.values()].flatMap((own) =>
      own.slice(0, 1).map((any): ArmMoments => {
        const rows = own.map((subject) => columns.map((column) => columnOf(subject, question.metric, column)));
        return { ...partOf(any, question), n: rows.length, columns, ...momentsOfRows(rows, columns.length) };
      }),
    );
    return momentsAnswer(arms, this.watermark);
  }

  async *values(question: MomentsQuestion): AsyncIterable<SubjectValue> {
    const own = this.#counted(question).toSorted((a, b) => (a.subjectId < b.subjectId ? -1 : 1));
    for (const { exposedAt, measures, subjectId, variantId } of own) {
      const { denominator = 1, value = 0, values } = measures[question.metric.key] ?? {};
      yield {
        subjectId,
        variantId,
        exposedAt: exposedAt ?? 0,
        value,
        denominator,
        ...(values !== undefined && { values }),
      };
    }
  }

  async funnel(question: MomentsQuestion): Promise<FunnelAnswer> {
    const all = this.#of(question.experimentId);
    const counted = new Set(this.#counted(question));
    const variantIds = [...new Set(all.map(({ variantId }) => variantId))].toSorted();
    const of = (variantId: string, holds: (subject: MeasuredSubject) => boolean): number =>
      all.filter((subject) => subject.variantId === variantId && holds(subject)).length;
    return {
      variants: variantIds.map((variantId) => ({
        variantId,
        decided: of(variantId, () => true),
        exposed: of(variantId, isExposed),
        attributed: of(variantId, (subject) => isExposed(subject) && question.metric.key in subject.measures),
        counted: of(variantId, (subject) => counted.has(subject)),
      })),
      losses: variantIds.map((variantId) => ({
        variantId,
        cause: "not_exposed",
        subjects: of(variantId, (subject) => !isExposed(subject)),
      })),
      watermark: this.watermark,
    };
  }

  async ledger(
    question: MomentsQuestion & { readonly variantId: string; readonly after: string | null; readonly limit: number },
  ): Promise<LedgerPage> {
    const counted = new Set(this.#counted(question));
    const rest = this.#of(question.experimentId)
      .filter(({ subjectId, variantId }) => variantId === question.variantId && subjectId > (question.after ?? ""))
      .toSorted((a, b) => (a.subjectId < b.subjectId ? -1 : 1));
    const lines = rest.slice(0, question.limit).map((subject) => ({
      subjectId: subject.subjectId,
      variantId: subject.variantId,
      outcome: counted.has(subject) ? ("counted" as const) : ("not_exposed" as const),
      decisionId: null,
      exposureEventId: null,
      eventIds: question.metric.key in subject.measures ? [`${subject.subjectId}-1`] : [],
    }));
    return { lines, next: rest.length > lines.length ? (lines.at(-1)?.subjectId ?? null) : null };
  }

  async severalVariants(
    _environmentId: string,
    experimentId: string,
  ): Promise<{ readonly several: number; readonly exposed: number }> {
    const exposed = this.#of(experimentId).filter(({ exposedAt }) => exposedAt !== null);
    return { several: exposed.filter(({ several }) => several === true).length, exposed: exposed.length };
  }

  #of(experimentId: string): readonly MeasuredSubject[] {
    return this.#subjects.get(experimentId) ?? [];
  }

  #counted({ completeOnly, experimentId, from, metric, to }: MomentsQuestion): readonly MeasuredSubject[] {
    const window = (metric.definition.windowHours * MICROS_PER_DAY) / 24;
    return this.#of(experimentId).filter((subject) => {
      const { exposedAt } = subject;
      if (exposedAt === null || !isExposed(subject) || !(metric.key in subject.measures)) return false;
      if ((from !== null && exposedAt < from) || (to !== null && exposedAt >= to)) return false;
      return !completeOnly || (this.watermark !== null && exposedAt + window <= this.watermark);
    });
  }
}

function isExposed({ exposedAt, several }: MeasuredSubject): boolean {
  return exposedAt !== null && several !== true;
}

function columnsOf({ definition: { covariateDays, kind } }: Metric): readonly MomentColumn[] {
  const covariates: readonly MomentColumn[] = covariateDays > 0 ? ["covariate"] : [];
  if (kind !== "ratio") return ["value", ...covariates];
  return ["value", "denominator", ...covariates, ...(covariateDays > 0 ? (["covariate_denominator"] as const) : [])];
}

function columnOf({ measures }: MeasuredSubject, { key }: Metric, column: MomentColumn): number {
  const measured = measures[key];
  switch (column) {
    case "value":
      return measured?.value ?? 0;
    case "denominator":
      return measured?.denominator ?? 1;
    case "covariate":
      return measured?.covariate ?? 0;
    case "covariate_denominator":
      return measured?.covariateDenominator ?? 1;
  }
}

function partOf(
  { exposedAt, segments, variantId }: MeasuredSubject,
  { by }: MomentsQuestion,
): Pick<ArmMoments, "variantId" | "cohortDay" | "segment"> {
  const day = new Date((exposedAt ?? 0) / 1_000).toISOString().slice(0, 10);
  if (typeof by === "object") return { variantId, cohortDay: null, segment: segments?.[by.segment] ?? null };
  return { variantId, cohortDay: by === "cohort_day" ? day : null, segment: null };
}

/** Means and co-moments in two passes. */
function momentsOfRows(rows: readonly (readonly number[])[], columns: number): Pick<ArmMoments, "mean" | "m2"> {
  const places = Array.from({ length: columns }, (_, index) => index);
  const mean = places.map((i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length);
  const off = (row: readonly number[], i: number): number => (row[i] ?? 0) - (mean[i] ?? 0);
  const m2 = places.map((i) => places.map((j) => rows.reduce((sum, row) => sum + off(row, i) * off(row, j), 0)));
  return { mean, m2 };
}
