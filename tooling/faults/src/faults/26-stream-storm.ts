import { StreamCrowd } from "../client/stream-crowd.ts";
import type { Fault, Scene } from "../fault.ts";
import { ConfigurationWriter } from "../stage/configuration-writer.ts";
import { atMost, exactly } from "../verdict/figure.ts";

const STREAMS = 1_500;
const STORMS = 6;
const CALM_CHANGES = 6;

/** Until all streams are open at the start, and until all know of a change. */
const KNOWN_WITHIN_MILLIS = 60_000;
const BETWEEN_MILLIS = 2_000;

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(0.99 * times.length) - 1)] ?? Number.NaN;
}

/** Makes a change, and gives how long it took from then until each stream told of it. */
async function changed(crowd: StreamCrowd, writer: ConfigurationWriter, { until }: Scene): Promise<readonly number[]> {
  const since = performance.now();
  const revision = await writer.change();
  await until("all streams know of a change", () => crowd.knowing(revision) === STREAMS, KNOWN_WITHIN_MILLIS);
  return crowd.propagation(revision, since);
}

/** Everybody who listens for changes loses the connection and is back at once, while there is a change to tell of. */
export const streamStorm: Fault = {
  row: 26,
  name: "stream-storm",
  title: `${String(STREAMS)} streams of changes are cut and opened again at once, ${String(STORMS)} times, each time with a change to tell of`,
  // They would come from as many addresses.
  stage: { env: { RATE_LIMIT_OTHER_PER_ADDRESS: "0" } },
  async inject(scene) {
    const { api, counted, database, measure, pause, until } = scene;
    const residentMegabytes = async (): Promise<number> =>
      (await counted(api, "process_resident_memory_bytes")) / api.length / 1024 ** 2;
    const writer = await ConfigurationWriter.open(database.url);
    const crowd = new StreamCrowd(
      api.map(({ url }) => url),
      STREAMS,
    );
    try {
      await until("all streams are open", () => crowd.knowing(1) === STREAMS, KNOWN_WITHIN_MILLIS);
      const calm: number[] = [];
      for (let round = 0; round < CALM_CHANGES; round += 1) {
        calm.push(...(await changed(crowd, writer, scene)));
        await pause(BETWEEN_MILLIS / 4);
      }
      const before = await residentMegabytes();
      const stormy: number[] = [];
      for (let round = 0; round < STORMS; round += 1) {
        crowd.cut();
        stormy.push(...(await changed(crowd, writer, scene)));
        await pause(BETWEEN_MILLIS);
      }
      measure("memory grown per API, MB", (await residentMegabytes()) - before);
      measure("p99 ms until a stream told of a change, calm", p99(calm));
      measure("p99 ms until a stream told of a change, storm", p99(stormy));
      measure("streams refused", crowd.refused);
    } finally {
      crowd.leave();
      await writer.close();
    }
  },
  figures: ({ errorsPercent, measures }) => [
    atMost(
      "p99 ms until a stream told of a change, storm",
      measures.get("p99 ms until a stream told of a change, storm") ?? null,
      30_000,
    ),
    atMost("memory grown per API, MB", measures.get("memory grown per API, MB") ?? null, 100),
    exactly("errors % of decisions", errorsPercent, 0),
  ],
};
