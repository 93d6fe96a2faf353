import { EMPTY_AUDIT_HEAD, type AuditEntry } from "@lotty/domain";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { TEST_NOW } from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { EVE, person } from "../testing/control-fixture.ts";
import { AUDIT_CSV_HEADER, auditCsvLine, auditNdjsonLine } from "./export-entries.ts";
import { auditLinker } from "./link-entries.ts";

function entryAbout(key: string, actor = EVE): AuditEntry {
  const draft = {
    action: "flag.edit",
    entity: { kind: "flag", id: "f", key },
    before: -1,
    after: { a: 'x"y' },
  } as const;
  const context = { actor, at: TEST_NOW, environmentId: null };
  return auditLinker(new SequentialIds())([draft], context)(EMPTY_AUDIT_HEAD)[0]!;
}

/** Reads CSV as RFC 4180 says. */
function cellsOf(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"]|"")*)"(?:,|\r\n$)/g)].map(([, cell = ""]) => cell.replaceAll('""', '"'));
}

const columns = cellsOf(AUDIT_CSV_HEADER);

describe("entries as CSV", () => {
  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])("hide the formula %j", (key) => {
    expect(cellsOf(auditCsvLine(entryAbout(key)))[columns.indexOf("entity_key")]).toBe(`'${key}`);
  });

  it("never have a cell that a spreadsheet would run", () => {
    const text = fc.string({ unit: fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", '"', ",", "a", "é") });
    fc.assert(
      fc.property(text, text, (key, name) => {
        const cells = cellsOf(auditCsvLine(entryAbout(key, person(name, "admin"))));
        expect(cells).toHaveLength(columns.length);
        for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
        expect(cells[columns.indexOf("entity_key")]?.replace(/^'/, "")).toBe(key.replace(/^'/, ""));
      }),
    );
  });

  it("have a cell per column, numbers and JSON as text", () => {
    const cells = cellsOf(auditCsvLine(entryAbout("plain")));
    const row = Object.fromEntries(columns.map((column, index) => [column, cells[index]]));
    expect(row).toMatchObject({
      sequence: "1",
      at: "2026-03-01T12:00:00Z",
      actor_name: "eve",
      entity_key: "plain",
      environment_id: "",
      before: "'-1",
      after: '{"a":"x\\"y"}',
    });
  });
});

describe("entries as NDJSON", () => {
  it("are one line each, with everything that a hash covers", () => {
    const entry = entryAbout("two\nlines");
    const line = auditNdjsonLine(entry);
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(JSON.parse(line)).toStrictEqual({
      sequence: 1,
      id: entry.id,
      at: "2026-03-01T12:00:00Z",
      actor_id: "eve",
      actor_name: "eve",
      actor_kind: "user",
      from: "127.0.0.1",
      action: "flag.edit",
      entity_kind: "flag",
      entity_id: "f",
      entity_key: "two\nlines",
      environment_id: null,
      before: -1,
      after: { a: 'x"y' },
      previous_hash: entry.previousHash,
      hash: entry.hash,
    });
  });
});
