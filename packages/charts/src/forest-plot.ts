import type { ExperimentReport } from "@lotty/domain";
import { drawSvg, titled } from "./draw-svg.ts";
import { type ForestRow, forestRows, spanOf } from "./forest-rows.ts";
import { PALETTE } from "./palette.ts";
import { axisShare, pText, shortened, signed } from "./plot-text.ts";

const WIDTH = 1_080;
const ROW = 46;
const TOP = 112;
const BOTTOM = 84;

/**
 * All effects of a report on one axis of lifts, with the intervals that decide. Guardrails have the line that they must not cross; a light
 * band around 0 shows what the subjects so far are too few to find.
 */
export function forestPlot(report: ExperimentReport): string {
  const rows = forestRows(report);
  const span = spanOf(rows);
  const height = TOP + BOTTOM + Math.max(1, rows.length) * ROW;
  return drawSvg(
    {
      title: titled(shortened(report.experimentKey, 80), shortened(report.verdict.sentence, 150)),
      grid: { left: 250, right: 270, top: TOP, bottom: BOTTOM },
      xAxis: {
        type: "value",
        min: span.low,
        max: span.high,
        name: "lift over control; grey: changes that the subjects so far are too few to find",
        nameLocation: "middle",
        nameGap: 34,
        nameTextStyle: { color: PALETTE.quiet, fontSize: 12 },
        axisLabel: {
          formatter: axisShare,
          color: PALETTE.quiet,
          hideOverlap: true,
          showMinLabel: false,
          showMaxLabel: false,
        },
        splitLine: { lineStyle: { color: PALETTE.faint } },
        axisLine: { show: false },
      },
      yAxis: {
        type: "category",
        inverse: true,
        data: rows.map((_, index) => String(index)),
        axisLabel: { show: false },
        axisTick: { show: false },
        axisLine: { show: false },
      },
      series: [
        {
          type: "custom",
          data: rows.map((_, index) => [0, index]),
          clip: false,
          z: 3,
          renderItem: (_, api) => {
            const index = Number(api.value(1));
            const row = rows[index];
            const [zeroX = 0, y = 0] = api.coord([0, index]);
            const at = (lift: number): number => api.coord([clamp(lift, span), index])[0] ?? zeroX;
            if (row === undefined) return { type: "group", children: [] };
            return { type: "group", children: rowShapes(row, { y, at, span, right: at(span.high) }) };
          },
          markLine: {
            silent: true,
            symbol: "none",
            label: { show: false },
            lineStyle: { color: PALETTE.ink, type: "solid", width: 1 },
            data: [{ xAxis: 0 }],
          },
        },
      ],
    },
    { width: WIDTH, height },
  );
}

interface RowPlace {
  readonly y: number;
  readonly at: (lift: number) => number;
  readonly span: { readonly low: number; readonly high: number };
  readonly right: number;
}

/** A shape as the renderer takes it. */
type Shape = Readonly<Record<string, unknown>> & { readonly type: "text" | "line" | "rect" | "circle" | "polygon" };

function rowShapes(row: ForestRow, place: RowPlace): Shape[] {
  return [...bandShapes(row, place), ...limitShapes(row, place), ...effectShapes(row, place), ...labels(row, place)];
}

function bandShapes({ effect }: ForestRow, { at, y }: RowPlace): Shape[] {
  const least = effect.minimumDetectable;
  if (least === null) return [];
  const [left, right] = [at(-least), at(least)];
  const shape = { x: left, y: y - 13, width: right - left, height: 26 };
  return [{ type: "rect", shape, style: { fill: "#e2e8f0", opacity: 0.6 }, z2: 0 }];
}

function limitShapes({ limit }: ForestRow, { at, y }: RowPlace): Shape[] {
  if (limit === null) return [];
  const x = at(limit);
  const style = { stroke: PALETTE.limit, lineWidth: 2, lineDash: [3, 3] };
  return [{ type: "line", shape: { x1: x, y1: y - 18, x2: x, y2: y + 18 }, style, z2: 2 }];
}

function effectShapes({ high, lift, low, tone }: ForestRow, { at, span, y }: RowPlace): Shape[] {
  if (lift === null) return [];
  const colour = PALETTE[tone];
  const stroke = { stroke: colour, lineWidth: 2.5, lineCap: "round" };
  const [left, right] = [at(low ?? span.low), at(high ?? span.high)];
  const ends = [
    { x: left, open: low === null || low < span.low, to: -1 },
    { x: right, open: high === null || high > span.high, to: 1 },
  ];
  return [
    { type: "line", shape: { x1: left, y1: y, x2: right, y2: y }, style: stroke, z2: 3 },
    ...ends.map(({ open, to, x }): Shape =>
      open
        ? {
            type: "polygon",
            shape: {
              points: [
                [x + 6 * to, y],
                [x - 3 * to, y - 6],
                [x - 3 * to, y + 6],
              ],
            },
            style: { fill: colour },
            z2: 3,
          }
        : { type: "line", shape: { x1: x, y1: y - 6, x2: x, y2: y + 6 }, style: stroke, z2: 3 },
    ),
    {
      type: "circle",
      shape: { cx: at(lift), cy: y, r: 5.5 },
      style: { fill: colour, stroke: "#ffffff", lineWidth: 1.5 },
      z2: 4,
    },
  ];
}

function labels(row: ForestRow, { right, y }: RowPlace): Shape[] {
  const colour = row.tone === "open" ? PALETTE.ink : PALETTE[row.tone];
  return [
    text({ x: 24, y: y - 8, text: shortened(row.metric, 25), size: 13.5, colour: PALETTE.ink, weight: 600 }),
    text({
      x: 24,
      y: y + 9,
      text: shortened(`${row.variant} · ${row.role}`, 36),
      size: 11.5,
      colour: PALETTE.quiet,
      weight: 400,
    }),
    text({ x: right + 20, y: y - 8, text: effectText(row), size: 13, colour, weight: 600 }),
    text({ x: right + 20, y: y + 9, text: detailText(row), size: 11.5, colour: PALETTE.quiet, weight: 400 }),
  ];
}

function effectText({ high, lift, low }: ForestRow): string {
  if (lift === null) return "no effect to show yet";
  const bounds = low === null || high === null ? "unbounded" : `${signed(low)} to ${signed(high)}`;
  return `${signed(lift)}  (${bounds})`;
}

function detailText({ effect, limit }: ForestRow): string {
  const { correctedP, guardrail, p, status } = effect;
  if (status !== "ok") return status.replaceAll("_", " ");
  if (guardrail !== null && limit !== null) return `guardrail ${guardrail.verdict}; must not pass ${signed(limit)}`;
  if (correctedP !== null) return `${pText(correctedP)} corrected${p === null ? "" : `, ${pText(p)}`}`;
  return p === null ? "" : pText(p);
}

function text(label: {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly colour: string;
  readonly weight: number;
}): Shape {
  const { colour, size, text: words, weight, x, y } = label;
  return {
    type: "text",
    x,
    y,
    style: { text: words, fill: colour, fontSize: size, fontWeight: weight, verticalAlign: "middle", align: "left" },
    z2: 5,
  };
}

function clamp(value: number, { high, low }: { readonly low: number; readonly high: number }): number {
  return Math.min(high, Math.max(low, value));
}
