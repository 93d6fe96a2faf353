import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { capturedTerminal, type CommandResult, runCommand } from "../testing/captured-terminal.ts";
import { type Api, type ApiOptions, apiOf } from "./api-options.ts";

const KEY = "lot_sk_abcdefgh_secret";

let home = "";
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "lotty-profiles-"));
});
afterEach(async () => rm(home, { recursive: true, force: true }));

function lotty(args: readonly string[], input = ""): Promise<CommandResult> {
  return runCommand(["profile", ...args], { env: { XDG_CONFIG_HOME: home }, input });
}

function apiFor(options: ApiOptions, env: Readonly<Record<string, string>> = {}): Promise<Api | undefined> {
  const { terminal } = capturedTerminal({ env: { XDG_CONFIG_HOME: home, ...env } });
  return apiOf(terminal, options);
}

async function addBoth(): Promise<void> {
  await lotty(["add", "work", "https://lotty.example.com", "--with-key"], `${KEY}\n`);
  await lotty(["add", "home", "http://127.0.0.1:8080"]);
}

describe("lotty profile", () => {
  it("keeps an address and a key where only the owner reads them, and never shows the key", async () => {
    const added = await lotty(["add", "work", "https://lotty.example.com", "--with-key"], `${KEY}\n`);
    const path = join(home, "lotty", "profiles.json");
    expect([added.code, (await stat(path)).mode & 0o777]).toEqual([0, 0o600]);
    expect(await readFile(path, "utf8")).toContain(KEY);
    const [table, json] = [await lotty(["list"]), await lotty(["list", "--json"])];
    expect(table.out).toMatch(/work +https:\/\/lotty\.example\.com\/ +yes/);
    expect(JSON.parse(json.out)).toEqual({
      profiles: [{ name: "work", url: "https://lotty.example.com/", has_key: true, in_use: false }],
    });
    expect(added.out + added.talk + table.out + json.out).not.toContain("secret");
  });

  it("lets commands work through the profile in use, until it is removed or the database is wanted", async () => {
    await addBoth();
    expect(await apiFor({})).toBeUndefined();
    await lotty(["use", "work"]);
    expect(await apiFor({})).toEqual({ url: "https://lotty.example.com/", key: KEY });
    await lotty(["use", "local"]);
    expect(await apiFor({})).toBeUndefined();
    await lotty(["use", "work"]);
    expect((await lotty(["remove", "work"])).code).toBe(0);
    expect(await apiFor({})).toBeUndefined();
    expect((await lotty(["list"])).out).toContain("home");
  });

  it("prefers what is nearer: the option, then the variable, then the profile in use", async () => {
    await addBoth();
    await lotty(["use", "work"]);
    const atHome = { url: "http://127.0.0.1:8080/", key: undefined };
    expect(await apiFor({}, { LOTTY_PROFILE: "home" })).toEqual(atHome);
    expect(await apiFor({ profile: "work" }, { LOTTY_PROFILE: "home" })).toMatchObject({ key: KEY });
    expect(await apiFor({ profile: "local" })).toBeUndefined();
    expect(await apiFor({}, { LOTTY_PROFILE: "local" })).toBeUndefined();
    expect(await apiFor({ profile: "home" }, { LOTTY_KEY: "other" })).toEqual({ ...atHome, key: "other" });
    expect(await apiFor({ key: "given" }, { LOTTY_KEY: "other" })).toMatchObject({ key: "given" });
    expect(await apiFor({ url: "http://127.0.0.1:9000" })).toEqual({ url: "http://127.0.0.1:9000", key: undefined });
  });

  it("refuses names that are not there or cannot be, addresses that are none, and files that others may read", async () => {
    expect((await lotty(["use", "work"])).talk).toContain("there is no profile");
    expect((await lotty(["remove", "__proto__"])).talk).toContain("there is no profile");
    await expect(apiFor({ profile: "constructor" })).rejects.toMatchObject({ code: "not_found" });
    expect((await lotty(["add", "local", "http://127.0.0.1:1"])).code).toBe(3);
    expect((await lotty(["add", "work", "lotty.example.com"])).code).toBe(3);
    expect((await lotty(["add", "work", "http://127.0.0.1:1", "--with-key"])).talk).toContain(
      "nothing was given for the key",
    );
    await addBoth();
    const path = join(home, "lotty", "profiles.json");
    await chmod(path, 0o644);
    expect(await lotty(["list"])).toMatchObject({ code: 3, talk: expect.stringContaining(`chmod 600 ${path}`) });
    await chmod(path, 0o600);
    await writeFile(path, "{}");
    expect((await lotty(["list"])).talk).toContain("no file of profiles");
  });
});
