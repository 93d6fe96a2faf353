import type { SeededRandom } from "@lotty/faults/seeded-random";
import type { JsonValue } from "@lotty/domain";
import type { ModelFlag } from "../oracle/configuration.ts";

/** A value of a flag's type. */
export function randomValue({ type }: ModelFlag, random: SeededRandom): JsonValue {
  switch (type) {
    case "boolean":
      return random.next() < 0.5;
    case "number":
      return random.pick([0, 1, -7, 12.25, 1e6, random.between(1, 999)]);
    case "string":
      return random.pick(["green", "orange", "größe", 'a "quoted" one', `v${String(random.between(1, 99))}`]);
    case "json":
      return random.pick<JsonValue>([
        { columns: random.between(1, 9), nested: { list: [1, null, "x"] } },
        [],
        [1, 2],
        null,
      ]);
  }
}
