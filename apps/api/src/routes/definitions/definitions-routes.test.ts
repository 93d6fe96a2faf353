import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedControl, serveControl } from "../../testing/serve-control.ts";

const FILE = `
flags:
  - { key: colour, type: string, default: grey, owner: team web }
approver_groups:
  - { name: shop, approvers: [ann] }
`;

let served: ServedControl;
let key = "";
beforeAll(async () => {
  served = await serveControl();
  await served.person("ann", ["approver"]);
  key = await served.key("admin");
});
afterAll(() => served.close(0));

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

async function post(body: object, shown = key): Promise<Answered> {
  const headers = { authorization: `Bearer ${shown}`, "content-type": "application/json" };
  const response = await fetch(`${served.url}/v1/definitions`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

async function get(query = ""): Promise<{ readonly text: string; readonly headers: Headers }> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${served.url}/v1/definitions${query}`, { headers });
  return { text: await response.text(), headers: response.headers };
}

// One story: each step rests on the ones before it.
describe("definitions over HTTP", () => {
  it("tell what a file would change, and change it only when asked to", async () => {
    const differences = [
      { kind: "flag", key: "colour", action: "added" },
      { kind: "approver_group", key: "shop", action: "added" },
    ];
    expect(await post({ text: FILE })).toEqual({ status: 200, body: { applied: false, revision: 1, differences } });
    expect(served.controlStore.entries).toHaveLength(0);
    expect(await post({ text: FILE, apply: true, revision: 1 })).toEqual({
      status: 200,
      body: { applied: true, revision: 2, differences },
    });
    expect(served.controlStore.entries).toMatchObject([
      { action: "flag.apply", actor: { kind: "key" }, from: "127.0.0.1", before: null },
      { action: "approver_group.apply" },
    ]);
    expect(await post({ text: FILE, apply: true })).toMatchObject({ body: { applied: false, differences: [] } });
  });

  it("give the file back, in both forms, with its revision", async () => {
    const { headers, text } = await get();
    expect([headers.get("content-type"), headers.get("etag")]).toEqual(["application/yaml", '"2"']);
    expect(text).toContain("owner: team web");
    expect(text).toContain("- ann");
    expect(await post({ text })).toMatchObject({ body: { differences: [] } });
    const json = await get("?format=json");
    expect(json.headers.get("content-type")).toBe("application/json");
    expect(JSON.parse(json.text)).toMatchObject({ approver_groups: [{ name: "shop", approvers: ["ann"] }] });
    expect(JSON.parse((await get("?format=toml")).text)).toMatchObject({ code: "invalid_request" });
  });

  it("name the fields that differ, and say what is kept", async () => {
    const text = "flags: [{ key: colour, type: string, default: green }]";
    expect(await post({ text })).toMatchObject({
      body: {
        differences: [
          {
            action: "changed",
            fields: [
              { field: "default", from: "grey", to: "green" },
              { field: "owner", from: "team web", to: null },
            ],
          },
          { kind: "approver_group", action: "kept" },
        ],
      },
    });
    expect(await post({ text, prune: true })).toMatchObject({
      body: { differences: [{ action: "changed" }, { action: "removed" }] },
    });
  });

  it("refuse what was worked out from an older revision, and files that are not valid, each fault at its place", async () => {
    const text = "flags: []";
    expect(await post({ text, prune: true, apply: true, revision: 1 })).toMatchObject({
      body: { code: "revision_conflict" },
    });
    expect(await post({ text: "flags:\n  - key: a\n    typ: string\n" })).toMatchObject({
      status: 422,
      body: {
        code: "invalid_definition",
        errors: expect.arrayContaining([
          { path: "/text", message: expect.stringMatching(/^3:5: flags\[0\]\.typ: unknown field/) },
        ]),
      },
    });
    expect(await post({ text: FILE.replace("ann", "zoe") })).toMatchObject({ body: { code: "invalid_definition" } });
    expect(await post({ text: 5 })).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });

  it("take files that are larger than other bodies may be, up to a limit", async () => {
    const flags = Array.from({ length: 2_000 }, (_, index) => ({
      key: `flag-${index}`,
      type: "string",
      default: "x".repeat(50),
    }));
    expect(await post({ text: JSON.stringify({ flags }) })).toMatchObject({ status: 200 });
    expect(await post({ text: "#".repeat(4_200_000) })).toMatchObject({ status: 413 });
  });

  it("are for admins", async () => {
    expect(await post({ text: FILE }, await served.key("experimenter"))).toMatchObject({ status: 403 });
  });
});
