import { LottyError } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { createLogger, type LoggerOptions } from "./create-logger.ts";

function open(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: "debug", format: "json", name: "test", destination, ...options });
  const entry = (index = 0) => JSON.parse(lines[index] ?? "null") as Record<string, unknown>;
  return { logger, lines, entry };
}

describe("createLogger", () => {
  it("writes one JSON object per line with level, time, process name, event and fields", () => {
    const { logger, entry, lines } = open();
    logger.info("decided", { flag: "checkout", millis: 3 });
    expect(entry()).toMatchObject({ level: "info", name: "test", event: "decided", flag: "checkout", millis: 3 });
    expect(entry()["time"]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(lines[0]?.endsWith("}\n")).toBe(true);
  });

  it("leaves out what is less severe than the level", () => {
    const { logger, lines } = open({ level: "warn" });
    logger.debug("a");
    logger.info("b");
    logger.warn("c");
    logger.error("d");
    expect(lines).toHaveLength(2);
  });

  it("writes nothing at all when silent", () => {
    const { logger, lines } = open({ level: "silent" });
    logger.error("a");
    expect(lines).toEqual([]);
  });

  it("lays out errors with code, retryability, details and the chain of causes", () => {
    const { logger, entry } = open();
    const refused = Object.assign(new Error("connect refused"), { code: "ECONNREFUSED" });
    const error = new LottyError("database_unavailable", "Away.", { cause: refused, details: { attempt: "load" } });
    logger.error("load_failed", { error });
    expect(entry()["error"]).toMatchObject({
      type: "LottyError",
      code: "database_unavailable",
      retryable: true,
      message: "Away.",
      details: { attempt: "load" },
      stack: expect.stringContaining("create-logger.test.ts") as string,
      cause: { type: "Error", code: "ECONNREFUSED", message: "connect refused" },
    });
  });

  it.each(["text", null, undefined, 7, { a: 1 }, 10n])("takes anything thrown for an error, such as %s", (thrown) => {
    const { logger, entry } = open();
    logger.error("failed", { error: thrown });
    expect(entry()["event"]).toBe("failed");
  });

  it("follows a loop of causes only so far", () => {
    const { logger, entry } = open();
    const error = new Error("loop");
    error.cause = error;
    logger.error("failed", { error });
    expect(JSON.stringify(entry()).match(/"loop"/g)).toHaveLength(6);
  });

  it("conceals passwords in URLs, in texts and in errors", () => {
    const { logger, lines } = open();
    const url = "postgres://lotty:hunter2@db/lotty";
    logger.info("connecting", { url });
    logger.error("failed", { error: new Error(`no route to ${url}`, { cause: new Error(url) }) });
    expect(lines.join("")).not.toContain("hunter2");
    expect(lines[0]).toContain("postgres://lotty:***@db/lotty");
  });

  it("conceals secrets and what is known about subjects, wherever they appear", () => {
    const { logger, lines } = open();
    logger.info("request", {
      attributes: { email: "a@example.com" },
      subject: { id: "u1", attributes: { email: "a@example.com" } },
      headers: { authorization: "Bearer hunter2", cookie: "hunter2" },
      request: { headers: { authorization: "hunter2" } },
      password: "hunter2",
    });
    expect(lines[0]).not.toMatch(/hunter2|example\.com/);
    expect(lines[0]).toContain('"id":"u1"');
  });

  it("writes text for people when asked to", () => {
    const { logger, lines } = open({ format: "text" });
    logger.info("listening", { url: "http://127.0.0.1:8080", note: "two words" });
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} INFO {2}listening url=http:\/\/127\.0\.0\.1:8080 note="two words"\n$/,
    );
  });

  it("shows an error's code and causes in text", () => {
    const { logger, lines } = open({ format: "text" });
    const cause = new Error("connect refused");
    logger.error("load_failed", { error: new LottyError("database_unavailable", "Away.", { cause }) });
    expect(lines[0]).toContain("Away. [database_unavailable]\n");
    expect(lines[0]).toContain("  caused by\n    Error: connect refused\n");
  });

  it("offers pino itself to libraries that want it", () => {
    const { logger, entry } = open();
    logger.pino.child({ request_id: "r1" }).warn({ err: new Error("x") }, "request_failed");
    expect(entry()).toMatchObject({ event: "request_failed", request_id: "r1", err: { message: "x" } });
  });
});
