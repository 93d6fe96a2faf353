import { describe, expect, it } from "vitest";
import { SLOT_COUNT, slotOf } from "./hash-slot.ts";
import { shardTag } from "./shard-tag.ts";

const tags = Array.from({ length: 256 }, (_, shard) => shardTag(shard));

describe("the slot of a text", () => {
  it.each([
    // As Redis answers CLUSTER KEYSLOT.
    ["", 0],
    ["foo", 12_182],
    ["123456789", 12_739],
    ["decisions:0", 9_918],
  ])("of %j is %i", (text, slot) => {
    expect(slotOf(text)).toBe(slot);
  });
});

describe("the tags of shards", () => {
  it("differ", () => {
    expect(new Set(tags).size).toBe(tags.length);
  });

  it("have no braces and stay short", () => {
    for (const tag of tags) expect(tag).toMatch(/^decisions:\d+(?::\d{1,4})?$/);
  });

  it("leave the first shard the name that it has always had", () => {
    expect(shardTag(0)).toBe("decisions:0");
  });

  it.each([2, 3, 4, 5, 6, 8, 12])("give each of %i nodes its share of any number of shards", (nodes) => {
    for (const each of [1, 2, 4, 8]) {
      const counts = shardsByNode(nodes, nodes * each);
      expect([each, Math.max(...counts) - Math.min(...counts)]).toStrictEqual([each, expect.toSatisfy(isAtMostTwo)]);
    }
  });

  it.each([1, 2, 3, 4])("give three nodes the same number of shards, %i each", (each) => {
    expect(shardsByNode(3, 3 * each)).toStrictEqual([each, each, each]);
  });

  it("put neighbours far from each other, so that the next one is on another of three nodes", () => {
    for (const [shard, tag] of tags.slice(0, -1).entries()) {
      const distance = Math.abs(slotOf(tag) - slotOf(tags[shard + 1] ?? "")) / SLOT_COUNT;
      expect(Math.min(distance, 1 - distance)).toBeGreaterThan(1 / 3);
    }
  });
});

function shardsByNode(nodes: number, shards: number): readonly number[] {
  const counts = Array<number>(nodes).fill(0);
  for (const tag of tags.slice(0, shards)) {
    const node = Math.floor((slotOf(tag) * nodes) / SLOT_COUNT);
    counts[node] = (counts[node] ?? 0) + 1;
  }
  return counts;
}

function isAtMostTwo(spread: number): boolean {
  return spread <= 2;
}
