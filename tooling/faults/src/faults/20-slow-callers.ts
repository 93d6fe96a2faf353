import { connect, type Socket } from "node:net";
import type { Fault, Scene } from "../fault.ts";
import { quantileMillis, type Span, within } from "../client/timeline.ts";
import { ConfigurationWriter } from "../stage/configuration-writer.ts";
import { atMost, exactly } from "../verdict/figure.ts";

const SOCKETS = 2_000;

/** Some at a time, as strangers come: two thousand at once would be another attack. */
const OPENED_AT_ONCE = 20;
const OPENING_PAUSE_MILLIS = 20;

/** Every connection gets a byte a second, each at a moment of its own. */
const DRIPS_PER_SECOND = 50;

/** Calm and attack take turns, because the machine has other things to do as well, and not always the same. */
const ROUNDS = 4;
const PHASE_MILLIS = 8_000;

/** Streams of changes whose readers never read. */
const STALLED = 500;

/** Between two changes that they do not read of. */
const CHANGE_MILLIS = 500;

/** Opens streams of changes and reads nothing of them. */
function stall(urls: readonly string[]): readonly Socket[] {
  return Array.from({ length: STALLED }, (_, place) => {
    const { hostname, port } = new URL(urls[place % urls.length] ?? "");
    const socket = connect(Number(port), hostname, () => {
      socket.write("GET /v1/stream HTTP/1.1\r\nhost: slow\r\naccept: text/event-stream\r\n\r\n");
    });
    socket.pause();
    socket.on("error", () => undefined);
    return socket;
  });
}

/** Connections on which headers come, one byte after the other, and never come to an end. */
class SlowCrowd {
  readonly #urls: readonly string[];
  readonly #sockets = new Set<Socket>();
  readonly #drip: NodeJS.Timeout;
  #opened = 0;
  #turn = 0;

  constructor(urls: readonly string[]) {
    this.#urls = urls;
    this.#drip = setInterval(() => this.#dripSome(), 1_000 / DRIPS_PER_SECOND);
  }

  get size(): number {
    return this.#sockets.size;
  }

  open(): void {
    const { hostname, port } = new URL(this.#urls[this.#opened % this.#urls.length] ?? "");
    const socket = connect(Number(port), hostname, () => {
      socket.write("POST /v1/decide HTTP/1.1\r\nhost: slow\r\nx-slow: ");
    });
    this.#opened += 1;
    socket.resume();
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
    this.#sockets.add(socket);
  }

  leave(): void {
    clearInterval(this.#drip);
    for (const socket of this.#sockets) socket.destroy();
  }

  #dripSome(): void {
    this.#turn = (this.#turn + 1) % DRIPS_PER_SECOND;
    let index = 0;
    for (const socket of this.#sockets) {
      if (index % DRIPS_PER_SECOND === this.#turn && socket.writable) socket.write("a");
      index += 1;
    }
  }
}

/** Does something over and over for one phase, with changes that streams tell of: they are there in calm times, too. */
async function phase(writer: ConfigurationWriter, work: () => Promise<void>): Promise<Span> {
  const from = performance.now();
  let nextChange = from;
  while (performance.now() < from + PHASE_MILLIS) {
    await work();
    if (performance.now() < nextChange) continue;
    nextChange += CHANGE_MILLIS;
    await writer.change();
  }
  return { from, to: performance.now() };
}

/** Lets a slow crowd come, and gives the p99 of the others while it is there. */
async function attack({ api, load, measure, pause }: Scene, writer: ConfigurationWriter): Promise<number> {
  const urls = api.map(({ url }) => url);
  const crowd = new SlowCrowd(urls);
  const stalled = stall(urls);
  const fill = async (): Promise<void> => {
    for (let count = 0; count < OPENED_AT_ONCE && crowd.size < SOCKETS; count += 1) crowd.open();
    await pause(OPENING_PAUSE_MILLIS);
  };
  try {
    while (crowd.size < SOCKETS) await fill();
    // Those that are thrown out come again.
    const span = await phase(writer, fill);
    measure("connections held", crowd.size);
    return quantileMillis(within(load.events, span), 0.99);
  } finally {
    crowd.leave();
    for (const socket of stalled) socket.destroy();
  }
}

/** The middle one of some numbers. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Callers that take all the time in the world. */
export const slowCallers: Fault = {
  row: 20,
  name: "slow-callers",
  title: `${String(SOCKETS)} callers send their requests a byte a second, and ${String(STALLED)} do not read their streams of changes`,
  // They would come from as many addresses.
  stage: { env: { RATE_LIMIT_OTHER_PER_ADDRESS: "0" } },
  async inject(scene) {
    const { api, counted, database, load, measure, pause } = scene;
    const residentMegabytes = async (): Promise<number> =>
      (await counted(api, "process_resident_memory_bytes")) / api.length / 1024 ** 2;
    const writer = await ConfigurationWriter.open(database.url);
    const calm: number[] = [];
    const attacked: number[] = [];
    try {
      await pause(PHASE_MILLIS);
      const before = await residentMegabytes();
      for (let round = 0; round < ROUNDS; round += 1) {
        const span = await phase(writer, () => pause(OPENING_PAUSE_MILLIS));
        calm.push(quantileMillis(within(load.events, span), 0.99));
        attacked.push(await attack(scene, writer));
      }
      measure("memory grown per API, MB", (await residentMegabytes()) - before);
      measure("p99 ms of the others, calm", median(calm));
      measure("p99 ms of the others, attacked", median(attacked));
    } finally {
      await writer.close();
    }
  },
  figures: ({ errorsPercent, measures }) => [
    atMost(
      "p99 ms of the others, attacked",
      measures.get("p99 ms of the others, attacked") ?? null,
      1.2 * (measures.get("p99 ms of the others, calm") ?? Number.NaN),
    ),
    atMost("memory grown per API, MB", measures.get("memory grown per API, MB") ?? null, 100),
    exactly("errors % of the others", errorsPercent, 0),
  ],
};
