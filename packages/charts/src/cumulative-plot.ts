import { type EffectLook, type ExperimentReport, formatInstant } from "@lotty/domain";
import { drawSvg, type PlotOption, titled } from "./draw-svg.ts";
import { PALETTE } from "./palette.ts";
import { axisShare, shortened } from "./plot-text.ts";

const SIZE = { width: 1_080, height: 460 };

/** Which effect a plot is about. */
export interface CumulativeQuestion {
  /** Key of the metric; the first of the plan when absent. */
  readonly metric?: string;
  /** Id of the variant; the first treatment when absent. */
  readonly variantId?: string;
}

/**
 * An effect day by day, with the interval that all looks up to each have together, and what was done meanwhile: to the experiment, and to its plan. `undefined` when the report
 * has no such effect.
 */
export function cumulativePlot(report: ExperimentReport, question: CumulativeQuestion = {}): string | undefined {
  const { metric: key = report.metrics[0]?.metric.key, variantId } = question;
  const result = report.metrics.find(({ metric }) => metric.key === key);
  const variant = result?.variants.find(
    (each) => each.effect !== null && (variantId === undefined || each.variantId === variantId),
  );
  if (result === undefined || variant?.effect === undefined || variant.effect === null) return undefined;
  const name = report.variants.find(({ id }) => id === variant.variantId)?.name ?? variant.variantId;
  const title = `${shortened(result.metric.name, 50)}: ${shortened(name, 30)} against control`;
  return drawSvg(plotOf(joinedLooks(variant.effect.looks), { title, marks: marksOf(report) }), SIZE);
}

/** Height of a mark's words, in pixels. */
const LABEL_HEIGHT = 13;

/** What is written at a day. */
interface Mark {
  readonly said: string;
  /** Whether the plan was changed, which makes results doubtful, or something planned may have been done. */
  readonly isDeviation: boolean;
}

/** What was done on which day, after the start. */
function marksOf({ deviations, interventions }: ExperimentReport): ReadonlyMap<string, Mark> {
  const all = [
    ...interventions.flatMap(({ at, kind, said }) =>
      kind === "started" ? [] : [{ at, said: shortened(said, 40), isDeviation: false }],
    ),
    ...deviations.map(({ at }) => ({ at, said: "plan changed", isDeviation: true })),
  ];
  const byDay = Map.groupBy(
    all.toSorted((one, other) => one.at - other.at),
    ({ at }) => formatInstant(at).slice(0, 10),
  );
  return new Map(
    Array.from(byDay, ([day, done]) => [
      day,
      { said: wordsOf(done), isDeviation: done.some(({ isDeviation }) => isDeviation) },
    ]),
  );
}

function wordsOf(done: readonly { readonly said: string }[]): string {
  const [first = "", ...others] = new Set(done.map(({ said }) => said));
  return others.length === 0 ? first : `${first} (+${others.length})`;
}

/** A look with the interval of all looks up to it. */
interface JoinedLook {
  readonly day: string;
  readonly lift: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

function joinedLooks(looks: readonly EffectLook[]): readonly JoinedLook[] {
  let low: number | null = null;
  let high: number | null = null;
  return looks.map(({ day, lift, liftInterval }) => {
    low = furthest(Math.max, low, liftInterval?.low ?? null);
    high = furthest(Math.min, high, liftInterval?.high ?? null);
    return { day, lift, low, high };
  });
}

function furthest(of: (a: number, b: number) => number, one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : of(one, other);
}

function plotOf(
  looks: readonly JoinedLook[],
  { marks, title }: { readonly title: string; readonly marks: ReadonlyMap<string, Mark> },
): PlotOption {
  const span = spanOfLooks(looks);
  const clamp = (value: number | null, edge: number): number => Math.min(span, Math.max(-span, value ?? edge));
  const days = looks.map(({ day }) => day);
  const shownMarks = [...marks].filter(([day]) => days.includes(day));
  const line = { type: "line", showSymbol: false, symbol: "circle", symbolSize: 7 } as const;
  return {
    title: titled(title, "Lift so far, and the interval that all looks up to the day have together"),
    grid: { left: 84, right: 40, top: shownMarks.length === 0 ? 96 : 96 + 2 * LABEL_HEIGHT, bottom: 64 },
    xAxis: {
      type: "category",
      data: days,
      boundaryGap: false,
      axisLabel: { color: PALETTE.quiet, hideOverlap: true },
      axisLine: { lineStyle: { color: PALETTE.line } },
      axisTick: { show: false },
      name: "subjects exposed up to",
      nameLocation: "middle",
      nameGap: 34,
      nameTextStyle: { color: PALETTE.quiet, fontSize: 12 },
    },
    yAxis: {
      type: "value",
      min: -span,
      max: span,
      axisLabel: { formatter: axisShare, color: PALETTE.quiet },
      splitLine: { lineStyle: { color: PALETTE.faint } },
    },
    series: [
      {
        ...line,
        data: looks.map(({ low }) => clamp(low, -span)),
        lineStyle: { opacity: 0 },
        stack: "interval",
        stackStrategy: "all",
      },
      {
        ...line,
        data: looks.map(({ high, low }) => clamp(high, span) - clamp(low, -span)),
        lineStyle: { opacity: 0 },
        areaStyle: { color: PALETTE.variants[0], opacity: 0.16 },
        stack: "interval",
        stackStrategy: "all",
      },
      {
        ...line,
        showSymbol: true,
        data: looks.map(({ lift }) => (lift === null ? null : clamp(lift, 0))),
        lineStyle: { color: PALETTE.variants[0], width: 2.5 },
        itemStyle: { color: PALETTE.variants[0] },
        z: 4,
        markLine: {
          silent: true,
          symbol: "none",
          data: [
            { yAxis: 0, label: { show: false }, lineStyle: { color: PALETTE.ink, type: "solid", width: 1 } },
            ...shownMarks.map(([day, { isDeviation, said }], place) => {
              const color = isDeviation ? PALETTE.worse : PALETTE.quiet;
              // Neighbours' words must not lie on each other.
              const label = { formatter: said, color, distance: 4 + (place % 3) * LABEL_HEIGHT };
              return { xAxis: day, label, lineStyle: { color, type: "dashed" as const } };
            }),
          ],
        },
      },
    ],
  };
}

/** Half the height of the plot: the last interval decides, as the first ones are as wide as little data are. */
function spanOfLooks(looks: readonly JoinedLook[]): number {
  const last = looks.at(-1);
  const ends = [last?.low, last?.high, ...looks.slice(-Math.ceil(looks.length / 2)).map(({ lift }) => lift)];
  const reach = Math.max(0, ...ends.map((end) => Math.abs(end ?? 0)));
  const step = 10 ** Math.floor(Math.log10(Math.max(reach, 0.001)));
  return Math.ceil((reach * 1.8) / step) * step;
}
