import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { isKeyText } from "@lotty/identity";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand } from "../testing/captured-terminal.ts";

const PASSWORD = "correct horse battery";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-people-"));
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

function lotty(args: readonly string[], input = ""): Promise<CommandResult> {
  return runCommand(args, { env: { LOTTY_DATA_DIR: join(directory, "data") }, input });
}

// One story on one database: making an embedded database takes seconds.
describe("people and keys on the database of the settings", { timeout: 120_000 }, () => {
  it("adds somebody with a password from the input, and shows everybody without it", async () => {
    const added = await lotty(["user", "add", "Ada", "--role", "admin", "--json"], `${PASSWORD}\n`);
    expect(added.code).toBe(0);
    expect(JSON.parse(added.out)).toMatchObject({ name: "ada", roles: ["admin"], disabled: false });
    expect((await lotty(["user", "add", "bob"], PASSWORD)).code).toBe(0);
    const { out } = await lotty(["user", "list"]);
    expect(out).toMatch(
      /^NAME {2}ROLES {3}STATE {3}ID\nada {3}admin {3}active {2}\S+\nbob {3}viewer {2}active {2}\S+\n$/,
    );
    expect(added.out + added.talk + out).not.toContain("horse");
  });

  it("changes roles, keeps people out and lets them in again", async () => {
    expect((await lotty(["user", "roles", "bob", "approver", "experimenter"])).out).toContain("experimenter,approver");
    expect((await lotty(["user", "disable", "bob"])).out).toContain("disabled");
    expect((await lotty(["user", "enable", "BOB"])).out).toContain("active");
    expect((await lotty(["user", "password", "bob"], "another good one")).code).toBe(0);
  });

  it("says what cannot be done, and why", async () => {
    const failures = [
      [await lotty(["user", "remove", "ada"]), "last_admin"],
      [await lotty(["user", "add", "bob"], PASSWORD), "already_exists"],
      [await lotty(["user", "add", "eve"], "short"), "password must not be used: too short"],
      [await lotty(["user", "add", "e v e"], PASSWORD), "name cannot be used"],
      [await lotty(["user", "add", "eve"]), "nothing was given"],
      [await lotty(["user", "remove", "eve"]), "nobody called"],
      [await lotty(["key", "revoke", "nothing"]), "there is no key"],
      [await lotty(["key", "make", "x", "--type", "client", "--scope", "manage"]), "too much for client"],
      [await lotty(["key", "make", "x", "--environment", "staging"]), "no such environment"],
    ] as const;
    for (const [{ code, out, talk }, reason] of failures) {
      expect([code, out, talk]).toEqual([3, "", expect.stringContaining(reason)]);
    }
    for (const wrong of [
      ["user", "roles", "bob"],
      ["user", "roles", "bob", "root"],
      ["key", "make"],
      ["key", "make", "x", "--scope", "all"],
      ["key", "make", "x", "--expires", "soon"],
    ]) {
      expect((await lotty(wrong)).code).toBe(2);
    }
    expect((await lotty(["user", "remove", "bob"])).code).toBe(0);
  });

  it("makes a key, prints it once and alone, lists it without its secret, and revokes it", async () => {
    const made = await lotty(["key", "make", "Shop backend", "--scope", "decide", "--scope", "events"]);
    const key = made.out.trim();
    expect([made.code, isKeyText(key)]).toEqual([0, true]);
    const [, , prefix = ""] = key.split("_");
    const listed = await lotty(["key", "list"]);
    expect(listed.out).toMatch(
      new RegExp(`${prefix} +Shop backend +server +decide,events +viewer +production +active +never`),
    );
    expect(listed.out + made.talk).not.toContain(key.slice(-40));
    expect((await lotty(["key", "revoke", prefix])).out).toContain("revoked 20");
    const json = JSON.parse((await lotty(["key", "list", "--json"])).out) as { readonly keys: readonly object[] };
    expect(json.keys).toMatchObject([
      { prefix, revoked_at: expect.any(String) as string, created_by: userInfo().username },
    ]);
  });
});

interface Heard {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

describe("people and keys through an API", () => {
  const user = { id: "u1", name: "ada", roles: ["viewer"], disabled: false, created_at: "x", updated_at: "x" };
  const heard: Heard[] = [];
  let server: Server;
  let url = "";

  async function hear(request: IncomingMessage): Promise<unknown> {
    const body = await text(request);
    const { authorization } = request.headers;
    heard.push({
      line: `${request.method} ${request.url}`,
      authorization,
      body: body === "" ? null : JSON.parse(body),
    });
    return request.method === "GET" ? { users: [user] } : user;
  }

  beforeAll(async () => {
    server = createServer((request, response) => {
      void hear(request).then((answer) => {
        if (request.method === "POST") {
          response.writeHead(403, { "content-type": "application/problem+json" });
          return response.end(JSON.stringify({ code: "forbidden", detail: "This needs the role admin." }));
        }
        if (request.method === "DELETE") return response.writeHead(204).end();
        return response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  afterAll(() => server.close());

  it("shows the key of the option, else that of LOTTY_KEY, and names people by id", async () => {
    const env = { LOTTY_KEY: "lotty_server_from_env" };
    expect(
      (await runCommand(["user", "roles", "Ada", "viewer", "--url", url, "--key", "lotty_server_given"], { env })).code,
    ).toBe(0);
    expect((await runCommand(["user", "remove", "ada", "--url", url], { env })).code).toBe(0);
    expect(heard.splice(0)).toEqual([
      { line: "GET /v1/users", authorization: "Bearer lotty_server_given", body: null },
      { line: "PATCH /v1/users/u1", authorization: "Bearer lotty_server_given", body: { roles: ["viewer"] } },
      { line: "GET /v1/users", authorization: "Bearer lotty_server_from_env", body: null },
      { line: "DELETE /v1/users/u1", authorization: "Bearer lotty_server_from_env", body: null },
    ]);
  });

  it("passes on what the API refuses", async () => {
    const { code, talk } = await runCommand(["user", "add", "eve", "--url", url], { input: PASSWORD });
    expect([code, talk]).toEqual([3, expect.stringContaining("[forbidden]: This needs the role admin.")]);
    expect(heard.splice(0)).toMatchObject([{ authorization: undefined, body: { name: "eve", roles: ["viewer"] } }]);
  });
});
