import type { SubjectValue } from "@lotty/domain";
import type { ArmValues } from "@lotty/stats";
import type { CumulativeDay } from "../looks/schedule-looks.ts";
import { dayOf } from "../service/whole-days.ts";

/** How many values and subjects a variant has up to the end of a day. */
interface DayEnd {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly values: number;
  readonly subjects: number;
}

/** A variant's values of a quantile metric, in the order of the days on which their subjects were first exposed. */
export interface VariantValues {
  readonly values: readonly number[];
  /** The subject of each value. */
  readonly clusters: readonly string[];
  /** Every day on which a subject was exposed, in their order. */
  readonly days: readonly DayEnd[];
}

/** A variant's values up to the end of a day. */
export interface QuantileArm extends ArmValues {
  readonly subjects: number;
}

const NOTHING: QuantileArm = { values: [], clusters: [], subjects: 0 };

interface OneDay {
  readonly values: number[];
  readonly clusters: string[];
  subjects: number;
}

/** Collects subjects' values by variant. O(n) time and memory. */
export async function collectValues(
  subjects: AsyncIterable<SubjectValue>,
): Promise<ReadonlyMap<string, VariantValues>> {
  const found = new Map<string, Map<string, OneDay>>();
  for await (const { exposedAt, subjectId, value, values, variantId } of subjects) {
    const days = found.get(variantId) ?? new Map<string, OneDay>();
    found.set(variantId, days);
    const day = dayOf(exposedAt);
    const own = days.get(day) ?? { values: [], clusters: [], subjects: 0 };
    days.set(day, own);
    own.subjects += 1;
    for (const each of values ?? [value]) {
      own.values.push(each);
      own.clusters.push(subjectId);
    }
  }
  return new Map(Array.from(found, ([variantId, days]) => [variantId, inOrder(days)]));
}

function inOrder(found: ReadonlyMap<string, OneDay>): VariantValues {
  const days = [...found].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const ends: DayEnd[] = [];
  for (const [day, own] of days) {
    const before = ends.at(-1);
    const [values, subjects] = [(before?.values ?? 0) + own.values.length, (before?.subjects ?? 0) + own.subjects];
    ends.push({ day, values, subjects });
  }
  return {
    values: days.flatMap(([, own]) => own.values),
    clusters: days.flatMap(([, own]) => own.clusters),
    days: ends,
  };
}

/** What a variant has up to the end of a day; nothing before its first. */
export function valuesUpTo(own: VariantValues | undefined, day: string | undefined): QuantileArm {
  const end = own?.days.findLast((each) => day !== undefined && each.day <= day);
  if (own === undefined || end === undefined) return NOTHING;
  const { subjects, values } = end;
  return { values: own.values.slice(0, values), clusters: own.clusters.slice(0, values), subjects };
}

/** A day with the subjects, and the values, of all variants up to its end. */
export interface ValuedDay extends CumulativeDay {
  readonly values: number;
}

/** The days on which any subject of these variants was first exposed. */
export function valuedDays(
  all: ReadonlyMap<string, VariantValues>,
  variantIds: readonly string[],
): readonly ValuedDay[] {
  const own = variantIds.map((id) => all.get(id)?.days ?? []);
  const days = [...new Set(own.flatMap((ends) => ends.map(({ day }) => day)))].toSorted();
  return days.map((day) => {
    const ends = own.map((each) => each.findLast((end) => end.day <= day) ?? { subjects: 0, values: 0 });
    return {
      day,
      total: ends.reduce((sum, { subjects }) => sum + subjects, 0),
      smallest: Math.min(...ends.map(({ subjects }) => subjects)),
      values: ends.reduce((sum, { values }) => sum + values, 0),
    };
  });
}
