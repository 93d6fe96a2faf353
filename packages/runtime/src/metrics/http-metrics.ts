import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { SHED_CAUSES, type ShedCause } from "../resilience/request-limiter.ts";

/** Counts the answers of one route. */
export interface RouteMeter {
  /** One request was answered, so many seconds after it came. */
  answered(status: number, seconds: number): void;
}

/** Counts what happens to requests. */
export interface HttpMetrics {
  /** The meter of a route; the same one for the same name. */
  route(name: string): RouteMeter;
  /** A request was turned away. */
  shed(cause: ShedCause): void;
}

/** What is being worked on. */
export interface RequestLoad {
  readonly inFlight: number;
  readonly waiting: number;
}

/** From half a millisecond, about what a decision in memory takes, to beyond every deadline that makes sense. */
const BOUNDS: readonly number[] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Counts requests in a registry, by route and status. The counting itself is plain arithmetic and becomes metrics when it
 * is asked for: counter and histogram of prom-client cost 3 µs a request where this costs 0.1 µs. Use once per registry.
 */
export function createHttpMetrics(registry: Registry): HttpMetrics {
  const routes = new Map<string, CountingMeter>();
  const requests: Counter<"route" | "status"> = new Counter({
    name: "lotty_http_requests_total",
    help: "Requests answered, by route and status.",
    labelNames: ["route", "status"] as const,
    registers: [registry],
    collect: () => {
      requests.reset();
      for (const [route, { statuses }] of routes) {
        for (const [status, count] of statuses) requests.inc({ route, status }, count);
      }
    },
  });
  const shed = new Counter({
    name: "lotty_requests_shed_total",
    help: "Requests turned away with 429, by cause.",
    labelNames: ["cause"] as const,
    registers: [registry],
  });
  for (const cause of SHED_CAUSES) shed.inc({ cause }, 0);
  registry.registerMetric(new RouteSeconds(routes));
  return {
    route: (name) => {
      const meter = routes.get(name) ?? new CountingMeter();
      routes.set(name, meter);
      return meter;
    },
    shed: (cause) => shed.inc({ cause }),
  };
}

/** Shows the requests that are being worked on. Use once per registry. */
export function exposeRequestLoad(registry: Registry, load: () => RequestLoad): void {
  const inFlight: Gauge = new Gauge({
    name: "lotty_requests_in_flight",
    help: "Requests that are being worked on.",
    registers: [registry],
    collect: () => inFlight.set(load().inFlight),
  });
  const waiting: Gauge = new Gauge({
    name: "lotty_requests_waiting",
    help: "Requests that wait for their turn.",
    registers: [registry],
    collect: () => waiting.set(load().waiting),
  });
}

class CountingMeter implements RouteMeter {
  readonly statuses = new Map<number, number>();
  /** Answers by the first bound that they do not exceed; behind the last one those that exceed all. */
  readonly counts = new Float64Array(BOUNDS.length + 1);
  sum = 0;

  answered(status: number, seconds: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    let index = 0;
    while (index < BOUNDS.length && seconds > (BOUNDS[index] ?? 0)) index += 1;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.sum += seconds;
  }
}

interface HistogramLine {
  readonly metricName: string;
  readonly labels: Record<string, string | number>;
  readonly sharedLabels: Record<string, string>;
  readonly value: number;
}

const NAME = "lotty_http_request_seconds";
const HELP = "Time from the head of a request to its answer, by route.";

/** The histogram of prom-client with counts that were made elsewhere. */
class RouteSeconds extends Histogram<"route"> {
  readonly #routes: ReadonlyMap<string, CountingMeter>;

  constructor(routes: ReadonlyMap<string, CountingMeter>) {
    super({ name: NAME, help: HELP, labelNames: ["route"], buckets: [...BOUNDS], registers: [] });
    this.#routes = routes;
  }

  /** Where prom-client takes the lines from; its types leave this method out. */
  getForPromString(): Promise<unknown> {
    const values = [...this.#routes].flatMap(([route, meter]) => linesOf(route, meter));
    return Promise.resolve({ name: NAME, help: HELP, type: "histogram", aggregator: "sum", values });
  }
}

function linesOf(route: string, { counts, sum }: CountingMeter): readonly HistogramLine[] {
  const sharedLabels = { route };
  let total = 0;
  const buckets = [...counts].map((count, index): HistogramLine => {
    total += count;
    return { metricName: `${NAME}_bucket`, labels: { le: BOUNDS[index] ?? "+Inf" }, sharedLabels, value: total };
  });
  return [
    ...buckets,
    { metricName: `${NAME}_sum`, labels: {}, sharedLabels, value: sum },
    { metricName: `${NAME}_count`, labels: {}, sharedLabels, value: total },
  ];
}
