import type { FlagResponse } from "@lotty/contracts";
import { describe, expect, it } from "vitest";
import { capturedTerminal } from "../testing/captured-terminal.ts";
import { experimentBody } from "./experiment-fields.ts";
import { flagBody } from "./flag-fields.ts";

const { terminal } = capturedTerminal({ input: '{"type": "object"}' });

const numbers: FlagResponse = {
  id: "01a203d3-6d24-7000-8000-000000000001",
  key: "size",
  type: "number",
  default: 1,
  enabled: true,
  rules: [],
  version: 1,
  updated_at: "2026-11-22T12:00:00.000000Z",
  description: null,
  owner: null,
  tags: [],
  schema: null,
  archived_at: null,
};

describe("fields of flags and experiments on the command line", () => {
  it("say only what is given", async () => {
    expect(await flagBody(terminal, {}, "string")).toEqual({});
    expect(await experimentBody(terminal, {}, undefined)).toEqual({});
  });

  it("take things away", async () => {
    const none = { description: false, owner: false, schema: false, tag: false } as const;
    expect(await flagBody(terminal, none, "string")).toEqual({
      description: null,
      owner: null,
      schema: null,
      tags: [],
    });
    const nothing = { targeting: false, hypothesis: false, plannedDays: false } as const;
    expect(await experimentBody(terminal, nothing, undefined)).toEqual({
      rule: null,
      hypothesis: null,
      planned_days: null,
    });
  });

  it("read values as the flag's type wants them, and JSON from the input", async () => {
    expect(await flagBody(terminal, { default: "5" }, "string")).toEqual({ default: "5" });
    expect(await flagBody(terminal, { default: "5", type: "number" }, "string")).toEqual({
      default: 5,
      type: "number",
    });
    expect(await flagBody(terminal, { schema: "@-" }, "json")).toEqual({ schema: { type: "object" } });
    expect(
      await experimentBody(terminal, { variant: ["a:b:33.33=5", "control:50=1=2"] }, undefined).catch(String),
    ).toContain("is not JSON");
    expect(await experimentBody(terminal, { variant: ["a:b:33.33=5", "old:50=1"], control: "old" }, numbers)).toEqual({
      variants: [
        { name: "a:b", weight: "33.33", value: 5, is_control: false },
        { name: "old", weight: "50", value: 1, is_control: true },
      ],
    });
  });

  it("let options come before --fields", async () => {
    const fields = '{"owner": "eve", "enabled": false}';
    expect(await flagBody(terminal, { fields, owner: "ada" }, "string")).toEqual({ owner: "ada", enabled: false });
  });

  it("are refused when they cannot be read", async () => {
    await expect(flagBody(terminal, { default: "yes" }, "boolean")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(flagBody(terminal, { fields: "[]" }, "boolean")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(flagBody(terminal, { rules: "{" }, "boolean")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(experimentBody(terminal, { variant: ["sun=1"] }, numbers)).rejects.toMatchObject({
      details: { advice: expect.stringContaining("name:weight=value") },
    });
  });
});
