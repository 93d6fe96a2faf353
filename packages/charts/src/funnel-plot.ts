import type { ExperimentReport, VariantFunnel } from "@lotty/domain";
import { drawSvg, titled } from "./draw-svg.ts";
import { PALETTE } from "./palette.ts";
import { counted, shortened } from "./plot-text.ts";

const STAGES = ["decided", "exposed", "attributed", "counted"] as const;

const WHAT: Readonly<Record<(typeof STAGES)[number], string>> = {
  decided: "decided for",
  exposed: "exposed",
  attributed: "with an event",
  counted: "in the numbers",
};

/** How many subjects of each variant came how far, with the share of the stage before. */
export function funnelPlot(report: ExperimentReport): string {
  const { funnel, variants } = report;
  const height = 150 + STAGES.length * (26 * Math.max(1, funnel.length) + 26);
  const metric = report.metrics[0]?.metric.name;
  return drawSvg(
    {
      title: titled(
        `${shortened(report.experimentKey, 60)}: from decisions to numbers`,
        metric === undefined ? "" : `Subjects, and their share of the stage before; events of ${shortened(metric, 60)}`,
      ),
      legend: {
        top: 20,
        right: 32,
        icon: "roundRect",
        itemWidth: 12,
        itemHeight: 12,
        itemGap: 18,
        textStyle: { color: PALETTE.ink },
      },
      grid: { left: 130, right: 150, top: 92, bottom: 32 },
      xAxis: { type: "value", show: false, min: 0 },
      yAxis: {
        type: "category",
        inverse: true,
        data: STAGES.map((stage) => WHAT[stage]),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: PALETTE.ink, fontSize: 13 },
      },
      series: funnel.map((own, index) => {
        const variant = variants.find(({ id }) => id === own.variantId);
        const colour =
          variant?.isControl === true
            ? PALETTE.control
            : PALETTE.variants[Math.max(0, index - 1) % PALETTE.variants.length];
        return {
          type: "bar" as const,
          name: shortened(variant?.name ?? own.variantId, 30),
          data: STAGES.map((stage) => own[stage]),
          barMaxWidth: 22,
          itemStyle: { ...(colour !== undefined && { color: colour }), borderRadius: [0, 4, 4, 0] },
          label: {
            show: true,
            position: "right" as const,
            color: PALETTE.ink,
            formatter: ({ dataIndex }: { readonly dataIndex: number }) => labelOf(own, dataIndex),
          },
        };
      }),
    },
    { width: 1_080, height },
  );
}

function labelOf(own: VariantFunnel, index: number): string {
  const stage = STAGES[index];
  const before = STAGES[index - 1];
  if (stage === undefined) return "";
  if (before === undefined || own[before] === 0) return counted(own[stage]);
  return `${counted(own[stage])}  (${((own[stage] / own[before]) * 100).toFixed(1)}%)`;
}
