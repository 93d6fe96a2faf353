import type { MetricResultResponse, ReportResponse } from "@lotty/contracts/analysis";
import type { Paint, Tone } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";

/** One line of the plot. */
interface ForestLine {
  readonly name: string;
  readonly lift: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The lift that a guardrail must not pass. */
  readonly limit: number | null;
  readonly tone: Tone | null;
  readonly says: string;
}

type EffectOf = NonNullable<MetricResultResponse["variants"][number]["effect"]>;

/** Narrowest and widest plot, in columns, without names and numbers. */
const NARROWEST = 16;
const WIDEST = 80;
const MOST_NAME = 30;

/**
 * All effects as intervals on one axis of lifts, as wide as the terminal: `├─●─┤` with the bounds that decide, `│` for no effect, `┊` for what a
 * guardrail must not pass. Intervals that go on beyond the plot end with an arrow.
 */
export function renderForest(report: ReportResponse, columns: number, paint: Paint): string {
  const lines = linesOf(report);
  if (lines.length === 0) return "There is no effect to show.";
  const nameWidth = Math.min(MOST_NAME, Math.max(...lines.map(({ name }) => name.length)));
  const saysWidth = Math.max(...lines.map(({ says }) => says.length));
  const width = Math.max(NARROWEST, Math.min(WIDEST, columns - nameWidth - saysWidth - 4));
  const span = spanOf(lines);
  const drawn = lines.map((line) => {
    const name = shortened(line.name, nameWidth).padEnd(nameWidth);
    const plot = drawLine(line, span, width);
    const painted = (text: string): string => (line.tone === null ? text : paint(line.tone, text));
    return `${name}  ${painted(plot)}  ${painted(line.says)}`.trimEnd();
  });
  return [...drawn, paint("quiet", `${" ".repeat(nameWidth)}  ${axisOf(span, width)}`.trimEnd())].join("\n");
}

function linesOf({ metrics, variants }: ReportResponse): readonly ForestLine[] {
  return metrics.flatMap(({ metric, variants: results }) =>
    results.flatMap(({ effect, variant_id }): readonly ForestLine[] => {
      if (effect === null) return [];
      const variant = variants.find(({ id }) => id === variant_id)?.name ?? variant_id;
      const name = visibleText(variants.length > 2 ? `${metric.name} · ${variant}` : metric.name).replaceAll(
        /\s+/g,
        " ",
      );
      const { guardrail, lift } = effect;
      const limit = guardrail === null ? null : metric.higher_is_better ? -guardrail.margin : guardrail.margin;
      return [
        {
          name,
          lift: lift?.value ?? null,
          low: lift?.interval?.low ?? null,
          high: lift?.interval?.high ?? null,
          limit,
          tone: toneOf(effect),
          says: saysOf(effect),
        },
      ];
    }),
  );
}

function toneOf({ better, guardrail, significant }: EffectOf): Tone | null {
  if (guardrail !== null) return guardrail.verdict === "holds" ? "good" : guardrail.verdict === "broken" ? "bad" : null;
  return significant && better !== null ? (better ? "good" : "bad") : null;
}

function saysOf({ corrected_p, guardrail, lift, p, status }: EffectOf): string {
  if (status !== "ok") return status.replaceAll("_", " ");
  if (lift === null || lift.value === null) return "no lift: control is 0";
  const bounds =
    lift.interval === null || lift.interval.low === null || lift.interval.high === null
      ? "unbounded"
      : `${signed(lift.interval.low)} to ${signed(lift.interval.high)}`;
  const shown = corrected_p ?? p;
  const end =
    guardrail !== null
      ? guardrail.verdict
      : shown === null
        ? ""
        : `p ${shown < 0.0001 ? "< 0.0001" : shown.toFixed(4)}`;
  return `${signed(lift.value)} (${bounds}) ${end}`.trimEnd();
}

interface Span {
  readonly low: number;
  readonly high: number;
}

/** What the axis shows: everything, but for ends of intervals that are far wider than the usual one. */
function spanOf(lines: readonly ForestLine[]): Span {
  const widths = lines
    .flatMap(({ high, low }) => (low === null || high === null ? [] : [high - low]))
    .toSorted((a, b) => a - b);
  const reach = 3 * (widths[Math.floor(widths.length / 2)] ?? 0.02);
  const points = lines.flatMap(({ high, lift, limit, low }) => [
    lift ?? 0,
    limit ?? 0,
    Math.max(low ?? 0, (lift ?? 0) - reach),
    Math.min(high ?? 0, (lift ?? 0) + reach),
  ]);
  const [low, high] = [Math.min(0, ...points), Math.max(0, ...points)];
  const room = Math.max(0.001, (high - low) * 0.05);
  return { low: low - room, high: high + room };
}

function drawLine({ high, lift, limit, low }: ForestLine, span: Span, width: number): string {
  const cells = Array.from({ length: width }, () => " ");
  const at = (value: number): number => placeOf(value, span, width);
  cells[at(0)] = "│";
  if (limit !== null) cells[at(limit)] = "┊";
  if (lift === null) return cells.join("");
  const [left, right] = [at(low ?? span.low), at(high ?? span.high)];
  for (let index = left; index <= right; index += 1) cells[index] = cells[index] === "│" ? "┼" : "─";
  cells[left] = low === null || low < span.low ? "◄" : "├";
  cells[right] = high === null || high > span.high ? "►" : "┤";
  cells[at(lift)] = "●";
  return cells.join("");
}

function axisOf(span: Span, width: number): string {
  const [low, high] = [signed(span.low), signed(span.high)];
  const zero = placeOf(0, span, width);
  const cells = [...low.padEnd(width - high.length), ...high];
  // The zero is left out where it would run into the ends.
  if (zero > low.length && zero < width - high.length - 1) cells[zero] = "0";
  return cells.slice(0, width).join("");
}

function placeOf(value: number, { high, low }: Span, width: number): number {
  const share = (Math.min(high, Math.max(low, value)) - low) / (high - low);
  return Math.round(share * (width - 1));
}

function signed(share: number): string {
  const text = (share * 100).toFixed(Math.abs(share) >= 0.1 ? 1 : 2);
  return `${share > 0 ? "+" : ""}${text}%`;
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
