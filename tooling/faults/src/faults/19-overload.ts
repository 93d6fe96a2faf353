import type { Fault, Outcome, Scene } from "../fault.ts";
import { isOk, quantileMillis, within, type RequestEvent, type Span } from "../client/timeline.ts";
import { atLeast, atMost, exactly, type Figure } from "../verdict/figure.ts";

/**
 * What one API works on at a time, and lets wait, here: sized for a small machine, as an operator would. By Little's law a full queue makes
 * answers take (worked on + waiting) / worked on times as long: a queue as long as the work would be all of the factor of two that is allowed.
 */
const IN_FLIGHT = 32;
const WAITING = 16;

/** As many callers as two APIs have room for without letting anybody wait. */
const CALLERS = 2 * IN_FLIGHT;
const TIMES_MORE = 10;

/** Who is refused comes again after half of what `Retry-After` says. */
const RETRY_PAUSE_MILLIS = 500;

const WARM_UP_MILLIS = 10_000;
const NORMAL_MILLIS = 10_000;
const OVERLOAD_MILLIS = 60_000;

/** Lets some time pass and gives the span. */
async function spend(millis: number, { pause }: Scene): Promise<Span> {
  const from = performance.now();
  await pause(millis);
  return { from, to: performance.now() };
}

function admitted(events: readonly RequestEvent[], span: Span): readonly RequestEvent[] {
  return within(events, span).filter(isOk);
}

function perSecond(events: readonly RequestEvent[], { from, to }: Span): number {
  return (1_000 * events.length) / (to - from);
}

/** Ten times as many callers as the service has room for, none of which waits before it asks again. */
export const overload: Fault = {
  row: 19,
  name: "overload",
  title: `${String(TIMES_MORE)} times as many callers as it can serve, for ${String(OVERLOAD_MILLIS / 1_000)} s`,
  stage: { env: { MAX_REQUESTS_IN_FLIGHT: String(IN_FLIGHT), MAX_REQUESTS_WAITING: String(WAITING) } },
  load: { connections: CALLERS, perSecond: null, retryPauseMillis: RETRY_PAUSE_MILLIS },
  async inject(scene) {
    const { api, counted, load, measure, pause } = scene;
    const residentMegabytes = async (): Promise<number> =>
      (await counted(api, "process_resident_memory_bytes")) / api.length / 1024 ** 2;
    await pause(WARM_UP_MILLIS);
    const normal = await spend(NORMAL_MILLIS, scene);
    load.add(CALLERS * (TIMES_MORE - 1));
    await pause(OVERLOAD_MILLIS / 4);
    const early = await residentMegabytes();
    const crowded = await spend((3 * OVERLOAD_MILLIS) / 4, scene);
    measure("memory grown per API, MB", (await residentMegabytes()) - early);
    const [calm, busy] = [admitted(load.events, normal), admitted(load.events, crowded)];
    measure("answered a second, normal", perSecond(calm, normal));
    measure("answered a second, overloaded", perSecond(busy, crowded));
    measure("refused a second", perSecond(within(load.events, crowded), crowded) - perSecond(busy, crowded));
    measure("p99 ms, normal", quantileMillis(calm, 0.99));
    measure("p99 ms of those admitted", quantileMillis(busy, 0.99));
  },
  heal: async ({ load }) => load.leave(CALLERS),
  figures,
};

function figures({ failures, measures }: Outcome): readonly Figure[] {
  const measured = (name: string): number => measures.get(name) ?? Number.NaN;
  const share = measured("answered a second, overloaded") / measured("answered a second, normal");
  return [
    atLeast("goodput, share of capacity", share, 0.8),
    atMost("p99 ms of those admitted", measured("p99 ms of those admitted"), 2 * measured("p99 ms, normal")),
    atMost("memory grown per API, MB", measured("memory grown per API, MB"), 100),
    atLeast("refused a second", measured("refused a second"), 1),
    exactly(
      "refused otherwise than by 429 or 503",
      Object.keys(failures).filter((kind) => !/^(429|503)/.test(kind)).length,
      0,
    ),
  ];
}
