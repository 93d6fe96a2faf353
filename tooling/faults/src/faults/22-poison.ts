import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import type { Fault } from "../fault.ts";
import { DEAD_LETTERS, STREAM, streamState } from "../stage/stream.ts";
import { atMost, exactly } from "../verdict/figure.ts";

const ID = "01a203d3-6d24-759b-8ca4-550d45d0a6cd";

/** A decision as the stream has it, with one field spoilt. */
function decision(change: (fields: unknown[]) => void): readonly string[] {
  const fields: unknown[] = [
    ID,
    DEFAULT_ENVIRONMENT_ID,
    "banner",
    "poison",
    null,
    null,
    "plain",
    "no_active_experiment",
    1,
    null,
    null,
    1,
    1_795_000_000_000_000,
  ];
  change(fields);
  return ["v", "1", "d", JSON.stringify(fields)];
}

const POISON: readonly (readonly string[])[] = [
  ["nothing", "of ours"],
  ["v", "99", "d", "[]"],
  ["v", "1", "d", "not JSON"],
  ["v", "1", "d", "{}"],
  decision((fields) => fields.pop()),
  decision((fields) => (fields[0] = "no uuid")),
  decision((fields) => (fields[1] = "no uuid")),
  decision((fields) => (fields[3] = "a \u0000 in it")),
  decision((fields) => (fields[6] = "half a \ud800 pair")),
  decision((fields) => (fields[7] = "because")),
];
const ROUNDS = 10;

/** Puts entries into the stream that can never be written. */
export const poison: Fault = {
  row: 22,
  name: "poison",
  title: "entries in the stream that are no decisions, or none that the database takes",
  async inject({ measure, pause, quick, random, redisClient, until }) {
    const rounds = quick ? 2 : ROUNDS;
    for (let round = 0; round < rounds; round += 1) {
      for (const fields of POISON) await redisClient.xadd(STREAM, "*", ...fields);
      await pause(random.between(100, 500));
    }
    measure("injected", rounds * POISON.length);
    const begin = performance.now();
    await until("what was poisoned is behind", async () => (await streamState(redisClient)).length < 200);
    measure("neighbours waited, s", (performance.now() - begin) / 1_000);
  },
  async afterwards({ measure, redisClient }) {
    measure("dead letters", await redisClient.xlen(DEAD_LETTERS));
  },
  figures: ({ errorsPercent, measures }) => [
    exactly("dead letters", measures.get("dead letters") ?? null, measures.get("injected") ?? Number.NaN),
    atMost("neighbours waited, s", measures.get("neighbours waited, s") ?? null, 5),
    exactly("errors %", errorsPercent, 0),
  ],
};
