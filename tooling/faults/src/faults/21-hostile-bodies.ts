import { request } from "node:http";
import { gzipSync } from "node:zlib";
import type { Fault } from "../fault.ts";
import { atMost, exactly } from "../verdict/figure.ts";

const HUGE_BYTES = 100 * 1024 ** 2;
const CHUNK = Buffer.alloc(64 * 1024, "a");
/** What is not answered by then counts as not answered. */
const ANSWER_MILLIS = 15_000;
const REFUSALS = [400, 413, 415];

interface Attack {
  readonly headers?: Record<string, string | number>;
  readonly chunks: () => Iterable<Buffer | string>;
}

function* huge(): Iterable<Buffer> {
  for (let sent = 0; sent < HUGE_BYTES; sent += CHUNK.length) yield CHUNK;
}

function asked(attributes: string): string {
  return `{"flag": "button", "subject_id": "hostile", "attributes": ${attributes}}`;
}

/** Made once, and only when asked for: it takes a second. */
function makeAttacks(): Readonly<Record<string, Attack>> {
  const bomb = gzipSync(Buffer.alloc(HUGE_BYTES));
  const many = asked(`{${Array.from({ length: 100_000 }, (_, n) => `"a${String(n)}": 1`).join(", ")}}`);
  return {
    "100 MB, announced": { headers: { "content-length": HUGE_BYTES }, chunks: huge },
    "100 MB, in chunks": { chunks: huge },
    "a gzip bomb": { headers: { "content-encoding": "gzip" }, chunks: () => [bomb] },
    "nested 5,000 deep": { chunks: () => [asked(`{"a": ${"[".repeat(5_000)}${"]".repeat(5_000)}}`)] },
    "100,000 attributes": { chunks: () => [many] },
    "5,000 attributes": {
      chunks: () => [asked(`{${Array.from({ length: 5_000 }, (_, n) => `"a${String(n)}":1`).join(",")}}`)],
    },
  };
}

/** The status that an attack is answered with; 0 when the connection ends without an answer. */
function attack(url: string, { chunks, headers }: Attack): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(`${url}/v1/decide`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      timeout: ANSWER_MILLIS,
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
      sent.destroy();
    });
    sent.on("error", () => resolve(0));
    const closed = new Promise((resolveClosed) => sent.once("close", resolveClosed));
    void (async () => {
      for (const chunk of chunks()) {
        if (sent.destroyed) return;
        if (!sent.write(chunk)) await Promise.race([closed, new Promise((drained) => sent.once("drain", drained))]);
      }
      sent.end();
    })();
  });
}

/** Sends bodies that are meant to exhaust the API. */
export const hostileBodies: Fault = {
  row: 21,
  name: "hostile-bodies",
  title: "bodies of 100 MB, a gzip bomb, deep nesting, a hundred thousand attributes",
  async inject({ api, counted, measure, pause, say }) {
    const resident = (): Promise<number> => counted(api, "process_resident_memory_bytes");
    const attacks = makeAttacks();
    const before = await resident();
    let highest = before;
    let others = 0;
    for (let round = 0; round < 5; round += 1) {
      for (const [name, how] of Object.entries(attacks)) {
        const statuses = await Promise.all(api.map(({ url }) => attack(url, how)));
        const wrong = statuses.filter((status) => !REFUSALS.includes(status));
        if (wrong.length > 0) say(`${name} is answered with ${wrong.join(", ")}`);
        others += wrong.length;
        highest = Math.max(highest, await resident());
      }
      await pause(200);
    }
    measure("answers other than 400, 413, 415", others);
    measure("memory grown per API, MB", (highest - before) / api.length / 1024 ** 2);
  },
  figures: ({ errorsPercent, measures }) => [
    exactly("answers other than 400, 413, 415", measures.get("answers other than 400, 413, 415") ?? null, 0),
    atMost("memory grown per API, MB", measures.get("memory grown per API, MB") ?? null, 50),
    exactly("errors % of the others", errorsPercent, 0),
  ],
};
