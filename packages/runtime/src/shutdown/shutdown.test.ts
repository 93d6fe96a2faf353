import { EventEmitter } from "node:events";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Shutdown } from "./shutdown.ts";

class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];

  exit(code: number): void {
    this.exits.push(code);
  }
}

function open(graceSeconds = 5) {
  const process = new FakeProcess();
  const logger = new RecordingLogger();
  const shutdown = new Shutdown({ logger, graceSeconds, process });
  shutdown.install();
  return { process, logger, shutdown };
}

const never = () => new Promise<void>(() => {});

describe("Shutdown", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each(["SIGTERM", "SIGINT"])(
    "runs the steps on %s, the last added first, each after the one before, and exits with 0",
    async (signal) => {
      const { process, shutdown } = open();
      const order: string[] = [];
      shutdown.onShutdown("database", () => void order.push("database"));
      shutdown.onShutdown("server", async () => {
        await Promise.resolve();
        order.push("server");
      });
      process.emit(signal);
      await shutdown.begin("test");
      expect(order).toEqual(["server", "database"]);
      expect(process.exits).toEqual([0]);
    },
  );

  it("goes on after a step that fails, and exits with 1", async () => {
    const { process, logger, shutdown } = open();
    const database = vi.fn<() => void>();
    shutdown.onShutdown("database", database);
    shutdown.onShutdown("server", () => Promise.reject(new Error("broken")));
    await shutdown.begin("test");
    expect(database).toHaveBeenCalledOnce();
    expect(logger.events).toContain("shutdown_step_failed");
    expect(process.exits).toEqual([1]);
  });

  it("exits with 1 when the grace time is over, and names the step that hangs", async () => {
    const { process, logger, shutdown } = open(5);
    shutdown.onShutdown("database", never);
    process.emit("SIGTERM");
    await vi.advanceTimersByTimeAsync(4_999);
    expect(process.exits).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(process.exits).toEqual([1]);
    expect(logger.lines.at(-1)).toMatchObject({ event: "shutdown_overdue", fields: { step: "database" } });
  });

  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ])("exits at once on a later second signal %s, with the code %i", async (signal, code) => {
    const { process, shutdown } = open();
    shutdown.onShutdown("database", never);
    process.emit("SIGTERM");
    await vi.advanceTimersByTimeAsync(1_000);
    process.emit(signal);
    expect(process.exits).toEqual([code]);
  });

  it("takes signals right after the first for the same wish", async () => {
    const { process, shutdown } = open();
    const step = vi.fn<() => void>();
    shutdown.onShutdown("database", step);
    process.emit("SIGINT");
    process.emit("SIGINT");
    process.emit("SIGTERM");
    await shutdown.begin("test");
    expect(step).toHaveBeenCalledOnce();
    expect(process.exits).toEqual([0]);
  });

  it.each([
    ["uncaughtException", "uncaught_exception"],
    ["unhandledRejection", "unhandled_rejection"],
  ])("logs on %s and exits with 1 without running any step", (event, logged) => {
    const { process, logger, shutdown } = open();
    const step = vi.fn<() => void>();
    shutdown.onShutdown("database", step);
    process.emit(event, new Error("defect"));
    expect(logger.lines).toMatchObject([{ level: "error", event: logged, fields: { error: { message: "defect" } } }]);
    expect(process.exits).toEqual([1]);
    expect(step).not.toHaveBeenCalled();
  });

  it("leaves no listener behind when uninstalled", () => {
    const { process, shutdown } = open();
    shutdown.uninstall();
    expect(process.eventNames()).toEqual([]);
  });
});
