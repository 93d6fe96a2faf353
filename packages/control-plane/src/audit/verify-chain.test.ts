import { EMPTY_AUDIT_HEAD, type AuditEntry, type AuditHead, type JsonValue } from "@lotty/domain";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { TEST_NOW } from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVE } from "../testing/control-fixture.ts";
import { entryHash } from "./entry-hash.ts";
import { auditLinker } from "./link-entries.ts";
import { verifyChain } from "./verify-chain.ts";

function chainOf(length: number, after: readonly JsonValue[] = []): readonly AuditEntry[] {
  const ids = new SequentialIds();
  let head: AuditHead = EMPTY_AUDIT_HEAD;
  return Array.from({ length }, (_, index) => index).flatMap((index) => {
    const draft = {
      action: "flag.edit",
      entity: { kind: "flag", id: `f${index}`, key: `flag ${index}` },
      before: null,
      after: after[index] ?? { place: index },
    } as const;
    const entries = auditLinker(ids)([draft], { actor: EVE, at: TEST_NOW + index, environmentId: "e" })(head);
    head = entries.at(-1) ?? head;
    return entries;
  });
}

function headOf(chain: readonly AuditEntry[]): AuditHead {
  const { sequence, hash } = chain.at(-1) ?? EMPTY_AUDIT_HEAD;
  return { sequence, hash };
}

/** The row with a hash made to fit: what a forger does who knows how hashes are made. */
function forged(entry: AuditEntry): AuditEntry {
  return { ...entry, hash: entryHash(entry) };
}

const chain = chainOf(5);
const head = headOf(chain);

describe("a chain of entries", () => {
  it("is sound as it was made", async () => {
    expect(await verifyChain(chain)).toStrictEqual({ ok: true, entries: 5, head });
    expect(await verifyChain(chain, { head })).toMatchObject({ ok: true });
    expect(await verifyChain([])).toStrictEqual({ ok: true, entries: 0, head: EMPTY_AUDIT_HEAD });
    expect(await verifyChain([], { head: EMPTY_AUDIT_HEAD })).toMatchObject({ ok: true });
  });

  it("can be checked from a known place on", async () => {
    expect(await verifyChain(chain.slice(2), { after: headOf(chain.slice(0, 2)) })).toMatchObject({
      ok: true,
      entries: 3,
    });
    expect(await verifyChain(chain.slice(2))).toMatchObject({ ok: false, kind: "removed", sequence: 1, entryId: null });
  });

  it("takes rows as they come from a store", async () => {
    async function* rows(): AsyncIterable<AuditEntry> {
      yield* chain;
    }
    expect(await verifyChain(rows())).toMatchObject({ ok: true, entries: 5 });
  });

  const FIELDS: readonly Partial<AuditEntry>[] = [
    { id: "x" },
    { at: 1 },
    { actor: { ...EVE, name: "mallory" } },
    { actor: { ...EVE, id: "mallory" } },
    { actor: { ...EVE, kind: "system" } },
    { from: null },
    { action: "flag.archive" },
    { entity: { kind: "segment", id: "f2", key: "flag 2" } },
    { entity: { kind: "flag", id: "f3", key: "flag 2" } },
    { entity: { kind: "flag", id: "f2", key: "flag 3" } },
    { environmentId: null },
    { before: false },
    { after: { place: 2.5 } },
    { previousHash: "0".repeat(64) },
    { hash: "0".repeat(64) },
  ];

  it.each(FIELDS)("shows that a row is not as it was: %j", async (fields) => {
    const altered = chain.map((entry, index) => (index === 2 ? { ...entry, ...fields } : entry));
    const verdict = await verifyChain(altered);
    expect(verdict).toMatchObject({ ok: false, kind: "altered", sequence: 3, entries: 2 });
  });

  it("shows a row whose hash was made to fit", async () => {
    const altered = chain.map((entry, index) => (index === 2 ? forged({ ...entry, after: null }) : entry));
    expect(await verifyChain(altered)).toMatchObject({
      ok: false,
      kind: "altered",
      sequence: 3,
      entryId: chain[2]?.id,
    });
  });

  it("shows that the last row was altered and its hash made to fit only to those who know the end", async () => {
    const altered = chain.map((entry, index) => (index === 4 ? forged({ ...entry, after: null }) : entry));
    expect(await verifyChain(altered)).toMatchObject({ ok: true });
    expect(await verifyChain(altered, { head })).toMatchObject({ ok: false, kind: "altered", sequence: 5, entries: 4 });
  });

  it("shows which row is gone", async () => {
    expect(await verifyChain(chain.toSpliced(2, 1))).toMatchObject({
      ok: false,
      kind: "removed",
      sequence: 3,
      entryId: null,
      entries: 2,
    });
    expect(await verifyChain(chain.slice(1))).toMatchObject({ kind: "removed", sequence: 1 });
    expect(await verifyChain(chain.slice(0, 3), { head })).toMatchObject({ kind: "removed", sequence: 4, entries: 3 });
  });

  it("shows which row was not there", async () => {
    const extra = forged({ ...chain[2]!, id: "extra", after: "extra" });
    for (const rows of [chain.toSpliced(2, 0, extra), chain.toSpliced(3, 0, extra)]) {
      expect(await verifyChain(rows)).toMatchObject({ ok: false, kind: "inserted", sequence: 3, entryId: "extra" });
    }
    const odd = { ...extra, sequence: 2.5 };
    expect(await verifyChain(chain.toSpliced(2, 0, forged(odd)))).toMatchObject({
      ok: false,
      kind: "inserted",
      entryId: "extra",
    });
    const appended = [...chain, ...chainOf(6).slice(5)];
    expect(await verifyChain(appended)).toMatchObject({ ok: true });
    expect(await verifyChain(appended, { head })).toMatchObject({ ok: false, kind: "inserted", sequence: 6 });
  });

  it("breaks at any single mutation of any row, and not before it", async () => {
    const value = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
    const mutation = fc.oneof(
      fc.constant("remove" as const),
      fc.constant("repeat" as const),
      fc.constantFrom(...(["id", "action", "previousHash", "hash", "from", "environmentId"] as const)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        mutation,
        fc.boolean(),
        async (values, seed, what, refit) => {
          const rows = chainOf(values.length, values);
          const end = headOf(rows);
          expect(await verifyChain(rows, { head: end })).toMatchObject({ ok: true });
          const place = seed % rows.length;
          const row = rows[place]!;
          const touched = { ...row, [what]: "tampered" };
          const changed =
            what === "remove"
              ? rows.toSpliced(place, 1)
              : what === "repeat"
                ? rows.toSpliced(place, 0, row)
                : rows.with(place, refit && what !== "hash" ? forged(touched) : touched);
          const verdict = await verifyChain(changed, { head: end });
          expect(verdict).toMatchObject({ ok: false, sequence: place + 1, entries: place });
        },
      ),
      { numRuns: 300 },
    );
  });
});
