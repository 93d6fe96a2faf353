import { entryHash } from "@lotty/control-plane";
import type { AuditEntry } from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { PersonForTest } from "../../testing/person-for-test.ts";
import { type ServedControl, serveControl } from "../../testing/serve-control.ts";

let server: ServedControl;
let admin: PersonForTest;
let eve: PersonForTest;
let ann: PersonForTest;

/** More than are read at a time. */
const FLAGS = 520;

beforeAll(async () => {
  server = await serveControl();
  admin = await server.person("root", ["admin"]);
  eve = await server.person("eve", ["experimenter"]);
  ann = await server.person("ann", ["approver"]);
  await admin.ask("POST", "/v1/segments", { body: { key: "=cmd|calc", rule: 'country == "DE"' } });
  for (let index = 0; index < FLAGS; index += 1) {
    await eve.ask("POST", "/v1/flags", { body: { key: `f${index}`, type: "boolean", default: false } });
  }
});

afterAll(() => server.close(0));

interface Page {
  readonly entries: readonly { readonly sequence: number; readonly entity_key: string; readonly from: string }[];
  readonly next_cursor: string | null;
}

async function all(query: string): Promise<Page["entries"]> {
  const found: Page["entries"][number][] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const asked = await ann.ask("GET", `/v1/audit?${query}${cursor === "" ? "" : `&cursor=${cursor}`}`);
    expect(asked.status).toBe(200);
    const page = asked.body as Page;
    found.push(...page.entries);
    cursor = page.next_cursor;
  }
  return found;
}

describe("GET /v1/audit", () => {
  it("lists everything newest first, each once, whatever the size of the pages", async () => {
    const places = Array.from({ length: FLAGS + 1 }, (_, index) => FLAGS + 1 - index);
    for (const limit of [7, 500]) {
      expect((await all(`limit=${limit}`)).map(({ sequence }) => sequence)).toEqual(places);
    }
  });

  it("finds changes by who, what and when", async () => {
    expect((await all(`actor_id=${admin.id}`)).map(({ entity_key: key }) => key)).toEqual(["=cmd|calc"]);
    expect((await all("kind=segment")).map(({ entity_key: key }) => key)).toEqual(["=cmd|calc"]);
    expect(await all("action=flag.create&limit=500")).toHaveLength(FLAGS);
    expect(await all("to=2020-01-01T00:00:00Z")).toEqual([]);
    expect(await all("from=2020-01-01T00:00:00Z&limit=500")).toHaveLength(FLAGS + 1);
    const [created] = await all("kind=segment");
    expect(created?.from).toMatch(/^(127\.0\.0\.1|::1)$/);
    expect((await ann.ask("GET", "/v1/audit?kind=nothing")).status).toBe(400);
    expect((await ann.ask("GET", "/v1/audit?cursor=x")).status).toBe(400);
  });
});

describe("GET /v1/audit/export", () => {
  it("gives the whole chain as NDJSON, with hashes that fit", async () => {
    const exported = await ann.ask("GET", "/v1/audit/export");
    expect(exported.headers.get("content-type")).toBe("application/x-ndjson");
    expect(exported.headers.get("content-disposition")).toContain("lotty-audit.ndjson");
    const lines = String(exported.body).trimEnd().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as { readonly hash: string; readonly previous_hash: string });
    expect(entries).toHaveLength(FLAGS + 1);
    for (const [index, { previous_hash: previous }] of entries.entries()) {
      if (index > 0) expect(previous).toBe(entries[index - 1]?.hash);
    }
  });

  it("gives CSV that no spreadsheet takes for formulas", async () => {
    const exported = await ann.ask("GET", "/v1/audit/export?format=csv&kind=segment");
    expect(exported.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const [head, line, ...rest] = String(exported.body).split("\r\n");
    expect(head).toContain('"sequence"');
    expect(line).toContain(`"'=cmd|calc"`);
    expect(rest).toEqual([""]);
  });

  it("is cut off when it cannot be finished, so that nobody takes it for whole", async () => {
    const { entries } = server.controlStore;
    const failing = vi
      .spyOn(server.controlStore, "auditEntries")
      .mockImplementation((after, count) =>
        after > 0 ? Promise.reject(new Error("the database went away")) : Promise.resolve(entries.slice(0, count)),
      );
    await expect(ann.ask("GET", "/v1/audit/export")).rejects.toThrow("terminated");
    failing.mockRestore();
  });
});

describe("GET /v1/audit/verify", () => {
  it("confirms a chain, and an end that was kept", async () => {
    const verified = await ann.ask("GET", "/v1/audit/verify");
    const head = await server.controlStore.auditHead();
    expect(verified).toMatchObject({ status: 200, body: { ok: true, entries: FLAGS + 1, head } });
    const kept = `sequence=${head.sequence}&hash=${head.hash}`;
    expect((await ann.ask("GET", `/v1/audit/verify?${kept}`)).body).toMatchObject({ ok: true });
    const more = `sequence=${head.sequence + 1}&hash=${head.hash}`;
    expect((await ann.ask("GET", `/v1/audit/verify?${more}`)).body).toMatchObject({ ok: false, kind: "removed" });
    expect((await ann.ask("GET", `/v1/audit/verify?sequence=${head.sequence}`)).status).toBe(400);
  });

  it("names a row that was altered, also when its hash was made to fit", async () => {
    const genuine = server.controlStore.entries;
    const tampered = genuine.map((entry): AuditEntry => {
      if (entry.sequence !== 300) return entry;
      const altered = { ...entry, actor: { ...entry.actor, name: "nobody" } };
      return { ...altered, hash: entryHash(altered) };
    });
    const reading = vi
      .spyOn(server.controlStore, "auditEntries")
      .mockImplementation((after, count) => Promise.resolve(tampered.slice(after, after + count)));
    const verified = await ann.ask("GET", "/v1/audit/verify");
    expect(verified.body).toMatchObject({ ok: false, kind: "altered", sequence: 300, entries: 299 });
    reading.mockRestore();
  });
});

describe("the record", () => {
  it("is for admins and approvers", async () => {
    for (const path of ["/v1/audit", "/v1/audit/export", "/v1/audit/verify"]) {
      expect((await eve.ask("GET", path)).status).toBe(403);
      expect((await admin.ask("GET", path)).status).toBe(200);
      expect((await fetch(`${server.url}${path}`)).status).toBe(401);
    }
  });
});
