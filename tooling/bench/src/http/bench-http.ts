import { measureInRounds, percentile, type Contender } from "../rounds.ts";
import { markdownTable } from "../table.ts";
import { load } from "./load.ts";
import { startApi, startBareExpress, type ServerProcess } from "./server-processes.ts";

const ROUNDS = 7;
const SECONDS = 2;
const CONNECTIONS = 64;

/** Subjects are asked for again and again, as in real traffic: the cache of histories has something to do. */
const SUBJECTS = 1_000;

/** Decisions over HTTP beside bare Express apps that take and give the same JSON. */
export async function benchHttp(print: (text: string) => void): Promise<void> {
  const servers = [
    await startBareExpress("tuned"),
    await startBareExpress("default"),
    await startApi("Lotty, peek", { LOTTY_DATA_DIR: "memory" }),
  ];
  try {
    const p99 = new Map<string, number[]>();
    const contenders = servers.map((server) => contender(server, p99));
    for (const each of contenders) await each.run();
    p99.clear();
    const measured = await measureInRounds(contenders, ROUNDS);
    const tuned = measured[0]?.median ?? Number.NaN;
    print(`\n### HTTP, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s each\n`);
    print(
      markdownTable(
        ["POST /v1/decide", "median requests/s", "spread", "p99 ms", "x tuned Express"],
        measured.map(({ highest, lowest, median, name }) => [
          name,
          median.toFixed(0),
          `${lowest.toFixed(0)}-${highest.toFixed(0)}`,
          percentile(p99.get(name) ?? [], 0.5).toFixed(1),
          (median / tuned).toFixed(2),
        ]),
      ),
    );
  } finally {
    for (const server of servers) await server.stop();
  }
}

function contender({ name, port }: ServerProcess, p99: Map<string, number[]>): Contender {
  return {
    name,
    run: async () => {
      const result = await load({ port, connections: CONNECTIONS, seconds: SECONDS, body: requestBody });
      p99.set(name, [...(p99.get(name) ?? []), percentile(result.latencies, 0.99)]);
      return result.requestsPerSecond;
    },
  };
}

function requestBody(n: number): string {
  return JSON.stringify({
    flag: "checkout-button-colour",
    subject_id: `user-${n % SUBJECTS}`,
    attributes: { country: n % 2 === 0 ? "DE" : "US", plan: "pro", is_employee: false },
    peek: true,
  });
}
