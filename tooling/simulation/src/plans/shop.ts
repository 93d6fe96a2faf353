import type { ArmMoments, Metric, MetricRole, MomentColumn, ReportedVariant } from "@lotty/domain";
import { simulatedDay } from "../draw-experiment.ts";
import { Random } from "../random.ts";
import { simulatedMetric } from "../simulated-metric.ts";

/** What a treatment does to a shop, as shares: 0 leaves it as it is. */
export interface ShopEffect {
  /** More orders of each visitor. */
  readonly orders: number;
  /** More value of each order. */
  readonly orderValue: number;
}

/** A variant of the simulated shop. */
export interface ShopVariant extends ReportedVariant {
  readonly effect: ShopEffect;
}

/** Orders of an average visitor in the experiment; before it twice as many. */
const ORDERS = 2;

/** Mean value of an order. */
const ORDER_VALUE = 25;

/** Mean of pages seen, which no treatment changes and which have to do with nothing else. */
const PAGES = 5;

/** What is measured of a visitor, before columns are chosen from it. */
interface Visitor {
  readonly orders: number;
  readonly revenue: number;
  readonly pages: number;
  readonly ordersBefore: number;
  readonly revenueBefore: number;
}

/** A metric of the shop, and what is true of it. */
export interface ShopMetric {
  readonly metric: Metric;
  readonly role: MetricRole;
  readonly columns: readonly MomentColumn[];
  readonly measure: (visitor: Visitor) => readonly number[];
  /** Mean, share or ratio under an effect. */
  readonly truth: (effect: ShopEffect) => number;
}

const ordersUnder = ({ orders }: ShopEffect): number => ORDERS * (1 + orders);
const valueUnder = ({ orderValue }: ShopEffect): number => ORDER_VALUE * (1 + orderValue);

/** A primary mean and a ratio, both with the covariate of their past; a conversion and a mean without. */
export const SHOP_METRICS: readonly ShopMetric[] = [
  {
    metric: simulatedMetric("revenue", { kind: "sum", covariateDays: 14 }),
    role: "primary",
    columns: ["value", "covariate"],
    measure: ({ revenue, revenueBefore }) => [revenue, revenueBefore],
    truth: (effect) => ordersUnder(effect) * valueUnder(effect),
  },
  {
    metric: simulatedMetric("conversion", { kind: "conversion" }),
    role: "secondary",
    columns: ["value"],
    measure: ({ orders }) => [orders > 0 ? 1 : 0],
    // Orders are Poisson around a mean that is exponential over visitors: geometric.
    truth: (effect) => 1 - 1 / (1 + ordersUnder(effect)),
  },
  {
    metric: simulatedMetric("order_value", { kind: "ratio", covariateDays: 14 }),
    role: "secondary",
    columns: ["value", "denominator", "covariate", "covariate_denominator"],
    measure: ({ orders, ordersBefore, revenue, revenueBefore }) => [revenue, orders, revenueBefore, ordersBefore],
    truth: valueUnder,
  },
  {
    metric: simulatedMetric("pages", { kind: "sum" }),
    role: "secondary",
    columns: ["value"],
    measure: ({ pages }) => [pages],
    truth: () => PAGES,
  },
];

/** What shops are drawn. */
export interface ShopDraw {
  readonly seed: number;
  readonly days: number;
  /** Visitors of each variant a day. */
  readonly perDay: number;
  readonly variants: readonly ShopVariant[];
}

/** Draws an experiment: the moments of every day, in the order of {@link SHOP_METRICS}. All metrics are of the same visitors. */
export function drawShop({ days, perDay, seed, variants }: ShopDraw): readonly (readonly ArmMoments[])[] {
  const random = new Random(seed);
  const moments: ArmMoments[][] = SHOP_METRICS.map(() => []);
  for (let day = 0; day < days; day += 1) {
    for (const { effect, id } of variants) {
      const visitors = Array.from({ length: perDay }, () => drawVisitor(random, effect));
      for (const [index, { columns, measure }] of SHOP_METRICS.entries()) {
        const own = { variantId: id, cohortDay: simulatedDay(day), segment: null, columns };
        moments[index]?.push({ ...own, ...coMomentsOf(visitors.map(measure), columns.length) });
      }
    }
  }
  return moments;
}

function drawVisitor(random: Random, effect: ShopEffect): Visitor {
  // How often and how dearly somebody buys stays theirs, so that their past tells something of what they will do.
  const activity = random.exponential(1);
  const taste = (random.exponential(1) + random.exponential(1)) / 2;
  const ordersBefore = random.poisson(activity * 2 * ORDERS);
  const orders = random.poisson(activity * ordersUnder(effect));
  return {
    orders,
    revenue: totalOf(random, orders, taste * valueUnder(effect)),
    pages: random.exponential(PAGES),
    ordersBefore,
    revenueBefore: totalOf(random, ordersBefore, taste * ORDER_VALUE),
  };
}

function totalOf(random: Random, orders: number, mean: number): number {
  let total = 0;
  for (let order = 0; order < orders; order += 1) total += random.exponential(mean);
  return total;
}

function coMomentsOf(
  rows: readonly (readonly number[])[],
  width: number,
): { readonly n: number; readonly mean: readonly number[]; readonly m2: readonly (readonly number[])[] } {
  const columns = Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? 0));
  const mean = columns.map((values) => values.reduce((sum, value) => sum + value, 0) / rows.length);
  const centred = columns.map((values, column) => values.map((value) => value - (mean[column] ?? 0)));
  const m2 = centred.map((one) =>
    centred.map((other) => one.reduce((sum, value, row) => sum + value * (other[row] ?? 0), 0)),
  );
  return { n: rows.length, mean, m2 };
}
