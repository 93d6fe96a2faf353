import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runSuite } from "./suite.ts";

beforeEach(() => {
  // What the programs print would look like results of this run.
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(console, "error").mockReturnValue();
});

afterEach(() => {
  vi.restoreAllMocks();
});

function program(code: string): Parameters<typeof runSuite>[0] {
  return { name: "program", command: process.execPath, args: ["-e", code] };
}

test("takes the counts from the closing line of the program's output", async () => {
  const code = "console.log('1 passed, 0 failed'); console.log('4 passed, 1 failed'); process.exit(1)";
  expect(await runSuite(program(code), process.env)).toEqual({ passed: 4, failed: 1 });
});

test("counts one failure when the program crashes after good counts", async () => {
  const code = "console.log('4 passed, 0 failed'); process.kill(process.pid, 'SIGKILL')";
  expect(await runSuite(program(code), process.env)).toEqual({ passed: 4, failed: 1 });
});

test("counts one failure when the program prints no counts", async () => {
  expect(await runSuite(program(""), process.env)).toEqual({ passed: 0, failed: 1 });
});

test("counts one failure when there is no such program", async () => {
  const suite = { name: "missing", command: "/no/such/program", args: [] };
  expect(await runSuite(suite, process.env)).toEqual({ passed: 0, failed: 1 });
});
