import { beforeEach, describe, expect, it } from "vitest";
import type { ShardKeys } from "./keys.ts";
import { ShardRotation } from "./shard-rotation.ts";

const keys = (name: string, slot: number): ShardKeys => ({
  stream: name,
  deadLetters: `${name}-dead`,
  progress: `${name}-progress`,
  slot,
});
/** Two shards on each of two servers; the slot is the number of the server. */
const SHARDS = [keys("a", 1), keys("b", 2), keys("c", 1), keys("d", 2)];

let now: number;
let rotation: ShardRotation;
beforeEach(() => {
  now = 0;
  rotation = new ShardRotation(
    SHARDS,
    ({ slot }) => String(slot),
    () => now,
  );
});

function turns(count: number): string {
  return Array.from({ length: count }, () => rotation.next().keys.stream).join("");
}

/** Something that goes on at a server until it is ended. */
function busy(name: string): { readonly end: () => Promise<void> } {
  const turn = rotation.next();
  expect(turn.keys.stream).toBe(name);
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = rotation.run(turn, () => promise);
  return {
    end: async () => {
      resolve();
      await running;
    },
  };
}

async function fail(name: string): Promise<void> {
  const turn = rotation.next();
  expect(turn.keys.stream).toBe(name);
  await expect(rotation.run(turn, () => Promise.reject(new Error("away")))).rejects.toThrow("away");
}

describe("the rotation of shards", () => {
  it("takes them in turn", () => {
    expect(turns(6)).toBe("abcdab");
  });

  it("takes the server with the least under way", async () => {
    const slow = busy("a");
    expect(turns(3)).toBe("bdb");
    await slow.end();
    expect(turns(2)).toBe("cd");
  });

  it("passes over a server that failed for a second", async () => {
    await fail("a");
    expect(turns(3)).toBe("bdb");
    now = 1_000;
    expect(turns(4)).toBe("cdab");
  });

  it("takes a server back as soon as something went well there", async () => {
    await fail("a");
    const back = { keys: keys("a", 1), server: "1" };
    await rotation.run(back, () => Promise.resolve());
    expect(turns(4)).toBe("bcda");
  });

  it("goes on in turn when all servers are at rest", async () => {
    await fail("a");
    await fail("b");
    expect(rotation.isAwake).toBe(false);
    expect(turns(4)).toBe("cdab");
    now = 1_000;
    expect(rotation.isAwake).toBe(true);
  });

  it("finds another shard for what one has not taken, not on a server at rest", async () => {
    const first = rotation.next();
    expect(rotation.another(first)?.keys.stream).toBe("b");
    await rotation.run(first, () => Promise.reject(new Error("away"))).catch(() => undefined);
    expect(rotation.another(first)?.server).toBe("2");
    const second = rotation.next();
    await rotation.run(second, () => Promise.reject(new Error("away"))).catch(() => undefined);
    expect(rotation.another(second)).toBeUndefined();
  });
});
