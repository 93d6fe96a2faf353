import { atLeast, type BenchRun } from "../bench.ts";
import { medianOf } from "../rounds.ts";
import { startApis, startBareExpress } from "../servers/server-processes.ts";
import { race, RACE_COLUMNS, raceRows } from "./race.ts";
import { peekRequest } from "./requests.ts";

const CONNECTIONS = 64;

/** Decisions over HTTP without a record, beside bare Express apps that take and give the same JSON. */
export async function benchHttp(run: BenchRun): Promise<void> {
  const options = { connections: CONNECTIONS, rounds: run.quick ? 3 : 9, seconds: run.quick ? 1 : 2 };
  const servers = [
    await startBareExpress("tuned"),
    await startBareExpress("default"),
    ...(await startApis({ name: "Lotty, peek", env: { LOTTY_DATA_DIR: "memory" } })),
  ];
  try {
    const results = await race(
      servers.map((server) => ({ server, request: peekRequest })),
      options,
    );
    run.print(
      `\`POST /v1/decide\` with \`peek\`, ${CONNECTIONS} connections, ${options.rounds} rounds of ${options.seconds} s each. ` +
        "The bare apps parse the request and answer with JSON of the same shape.",
    );
    run.table([...RACE_COLUMNS, "x tuned Express"], raceRows(results, "Express tuned"));
    run.judge(
      atLeast(medianOf(results, "Lotty, peek") / medianOf(results, "Express tuned"), {
        what: "rate of `POST /v1/decide`, peek",
        bound: 0.8,
        unit: "x tuned Express",
      }),
    );
  } finally {
    for (const server of servers) await server.stop();
  }
}
