import { type Config, loadConfig } from "@lotty/config";
import type { AnsweredDecision, Decider } from "@lotty/decisions";
import { describe, expect, it } from "vitest";
import { ScriptedDecider } from "./testing/scripted-decider.ts";
import { exampleFlag, urlOf, welcomeText } from "./welcome.ts";

function configOf(env: Record<string, string>): Config {
  const result = loadConfig(env);
  if (!result.ok) throw new Error("the settings are wrong");
  return result.config;
}

const address = { host: "127.0.0.1", port: 8080 };

describe("welcomeText", () => {
  it("has a line to paste, where the data is, what to use instead, and who can connect", () => {
    const text = welcomeText({ address, config: configOf({}), location: "/data/.lotty", flag: "checkout" });
    expect(text).toContain(
      "  curl -s http://127.0.0.1:8080/v1/decide -H 'Content-Type: application/json' " +
        `-d '{"flag":"checkout","subject_id":"ada","attributes":{"country":"DE"}}'\n`,
    );
    expect(text).toContain("The data is in /data/.lotty.");
    expect(text).toContain("DATABASE_URL=postgres://");
    expect(text).toContain("REDIS_URL=redis://");
    expect(text).toContain("Only this machine can connect");
  });

  it("does not suggest what is in use already", () => {
    const config = configOf({ DATABASE_URL: "postgres://lotty@db/lotty", REDIS_URL: "redis://cache" });
    const text = welcomeText({ address, config, location: "postgres://lotty@db/lotty", flag: "checkout" });
    expect(text).not.toMatch(/DATABASE_URL|REDIS_URL/);
  });

  it("has a line to paste even without any flag", () => {
    const text = welcomeText({ address, config: configOf({}), location: "x", flag: undefined });
    expect(text).toContain("It has no flags yet");
    expect(text).toContain('"flag":"my_flag"');
  });
});

describe("urlOf", () => {
  it("puts brackets around IPv6 addresses", () => {
    expect(urlOf({ host: "::1", port: 80 })).toBe("http://[::1]:80");
    expect(urlOf({ host: "localhost", port: 80 })).toBe("http://localhost:80");
  });
});

describe("exampleFlag", () => {
  /** Assigns the flags that are named, and no others. */
  function deciderAssigning(...assigned: readonly string[]): Decider {
    const scripted = new ScriptedDecider();
    return {
      decideForFlag: scripted.decideForFlag.bind(scripted),
      peekNow: () => undefined,
      explainForFlag: scripted.explainForFlag.bind(scripted),
      async decideForFlags(flags, request): Promise<readonly AnsweredDecision[]> {
        if (request.peek !== true) throw new Error("an example must not be recorded");
        const decisions = await scripted.decideForFlags(flags, request);
        return decisions.map((decision) =>
          assigned.includes(decision.flag) ? decision : { ...decision, reason: "targeting_mismatch" },
        );
      },
    };
  }

  it("is the first flag whose experiment takes the subject", async () => {
    expect(await exampleFlag(["a", "b", "c"], deciderAssigning("b", "c"))).toBe("b");
  });

  it("is the first flag when no experiment does, and none when there is none", async () => {
    expect(await exampleFlag(["a", "b"], deciderAssigning())).toBe("a");
    expect(await exampleFlag([], deciderAssigning())).toBeUndefined();
  });

  it("has a key that means nothing to a shell", async () => {
    expect(await exampleFlag(["a'b", "$(x)", "c d", "fine-1.x_y"], deciderAssigning("a'b", "$(x)"))).toBe("fine-1.x_y");
  });
});
