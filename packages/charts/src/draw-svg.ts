import {
  BarChart,
  CustomChart,
  LineChart,
  type BarSeriesOption,
  type CustomSeriesOption,
  type LineSeriesOption,
} from "echarts/charts";
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  type GridComponentOption,
  type LegendComponentOption,
  type MarkLineComponentOption,
  type TitleComponentOption,
} from "echarts/components";
import { init, use, type ComposeOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { FONT, PALETTE } from "./palette.ts";

use([BarChart, CustomChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer]);

/** What plots are made of. */
export type PlotOption = ComposeOption<
  | BarSeriesOption
  | CustomSeriesOption
  | LineSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | MarkLineComponentOption
  | TitleComponentOption
>;

/** Draws a plot as the text of an SVG document. */
export function drawSvg(option: PlotOption, size: { readonly width: number; readonly height: number }): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, ...size });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      textStyle: { fontFamily: FONT, color: PALETTE.ink },
      ...option,
    });
    return plain(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/** Title and subtitle in the upper left corner. */
export function titled(text: string, subtext: string): TitleComponentOption {
  return {
    text,
    subtext,
    left: 24,
    top: 16,
    itemGap: 6,
    textStyle: { fontSize: 17, fontWeight: 600, color: PALETTE.ink },
    subtextStyle: { fontSize: 12.5, color: PALETTE.quiet },
  };
}

/** Without styles for pointers, of which there are none, and with names that do not count the plots of a process. */
function plain(svg: string): string {
  return svg
    .replaceAll(/<style[^>]*>.*?<\/style>/gs, "")
    .replaceAll(/ class="[^"]*"/g, "")
    .replaceAll(/(id="|url\(#)zr\d+-/g, "$1zr-");
}
