import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand } from "./testing/captured-terminal.ts";

const demo = fileURLToPath(new URL("../../../demo/lotty.yaml", import.meta.url));
const attributes = '{"country": "DE"}';

let directory = "";
let decisionId = "";

function lotty(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(args, { env: { LOTTY_DATA_DIR: join(directory, "data") } });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-records-"));
  await lotty("apply", demo);
  const subject = ["--subject", "ada/1", "--attributes", attributes, "--record", "--json"];
  const { out } = await lotty("decide", "checkout-button-colour", ...subject);
  decisionId = (JSON.parse(out) as { decisions: { decision_id: string }[] }).decisions[0]?.decision_id ?? "";
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

// One story on one database: making an embedded database takes seconds.
describe("decisions on record, on an embedded database", { timeout: 60_000 }, () => {
  it("are listed by subject, experiment and flag, and shown one by one", async () => {
    for (const narrowed of [
      ["--subject", "ada/1"],
      ["--experiment", "checkout-button-colour-2026"],
      ["--flag", "checkout-button-colour"],
    ]) {
      const { code, out } = await lotty("decisions", "list", ...narrowed);
      expect([code, out.includes(decisionId)]).toEqual([0, true]);
    }
    const none = await lotty("decisions", "list", "--subject", "nobody", "--json");
    expect(JSON.parse(none.out)).toEqual({ decisions: [], more: false });
    const shown = await lotty("decisions", "show", decisionId, "--json");
    expect(JSON.parse(shown.out)).toMatchObject({ decision_id: decisionId, subject_id: "ada/1", flag_version: 1 });
    expect((await lotty("decisions", "show", decisionId)).out).toContain("ada/1");
  });

  it("refuse what is not there, and times that are none", async () => {
    expect(await lotty("decisions", "show", "00000000-0000-7000-8000-000000000000")).toMatchObject({ code: 3 });
    expect(await lotty("decisions", "list", "--since", "yesterday")).toMatchObject({ code: 3 });
    expect(await lotty("decisions", "list", "--experiment", "unheard-of")).toMatchObject({ code: 3 });
    expect(await lotty("replay")).toMatchObject({ code: 2 });
    expect(await lotty("replay", decisionId, "--since", "1h")).toMatchObject({ code: 2 });
  });

  it("come out identical when they are taken again, where their attributes are known", async () => {
    const known = await lotty("replay", decisionId, "--attributes", attributes, "--json");
    expect(known.code).toBe(0);
    expect(JSON.parse(known.out)).toEqual({
      decision_id: decisionId,
      status: "identical",
      revision: 1,
      basis: "computed",
    });
    expect((await lotty("replay", decisionId)).out).toContain("not checkable: the attributes are not on record");
    expect(await lotty("replay", decisionId, "--attributes", "{}")).toMatchObject({ code: 3 });
    const { code, out } = await lotty("replay", "--since", "1h");
    expect(code).toBe(0);
    expect(out).toContain("0 replayed, 0 differ\n1 not checkable: the attributes are not on record");
  });

  it("show how their subject stands", async () => {
    const { code, out } = await lotty("subject", "show", "ada/1");
    expect(code).toBe(0);
    expect(out).toContain("checkout-button-colour-2026, running: ");
    expect(out).toContain("Places taken: 1 of 3");
    expect(out).toContain("Cooldown: none");
    expect(await lotty("subject", "show", "")).toMatchObject({ code: 3 });
  });

  it("are made anonymous when their subject is erased, which asks first and may be repeated", async () => {
    expect(await lotty("subject", "erase", "ada/1")).toMatchObject({ code: 2 });
    expect(await lotty("subject", "erase", "ada/1", "--yes")).toMatchObject({
      code: 0,
      out: "1 decisions and 0 events made anonymous, 1 assignments removed\n",
    });
    const again = await lotty("subject", "erase", "ada/1", "--yes", "--json");
    expect(JSON.parse(again.out)).toMatchObject({ decisions: 0, assignments: 0 });
    const shown = JSON.parse((await lotty("decisions", "show", decisionId, "--json")).out) as object;
    expect(shown).toMatchObject({ subject_id: expect.stringMatching(/^erased:/), attributes_digest: null });
    expect((await lotty("replay", decisionId)).out).toContain("not checkable: the subject was erased");
    expect((await lotty("subject", "show", "ada/1")).out).toContain(
      `by ${userInfo().username}: 1 decisions and 0 events before that`,
    );
  });
});
