import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecisionResponse } from "@lotty/contracts";
import { isLottyError, LottyError } from "@lotty/domain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DecisionSource } from "../sources/decision-source.ts";
import { capturedTerminal } from "../testing/captured-terminal.ts";
import { decideSubjects, type SubjectsRun, type SubjectsSummary } from "./decide-subjects.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-subjects-"));
});
afterEach(async () => rm(directory, { recursive: true, force: true }));

const COUNT = 3_000;

/** Every tenth line is not usable. */
async function writeSubjects(name = "in.ndjson", prefix = "s"): Promise<string> {
  const path = join(directory, name);
  const lines = Array.from({ length: COUNT }, (_, index) =>
    index % 10 === 4 ? "{oops" : JSON.stringify({ subject_id: `${prefix}${index}`, attributes: { n: index } }),
  );
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

interface SourceOptions {
  readonly fingerprint?: string;
  /** Called before each decision with the number of decisions before it. */
  readonly onDecide?: (before: number) => void;
}

function source({ fingerprint = "one", onDecide }: SourceOptions = {}): DecisionSource {
  let decided = 0;
  return {
    description: "test",
    fingerprint,
    concurrency: 16,
    decide: (flags, subject) => {
      onDecide?.(decided);
      decided += 1;
      return Promise.resolve(
        flags.map((flag): DecisionResponse => ({
          decision_id: `id-${decided}`,
          flag,
          value: subject.id,
          experiment_id: null,
          variant_id: null,
          reason: "no_active_experiment",
          durability: "none",
        })),
      );
    },
    explain: () => Promise.reject(new Error("not asked")),
    close: () => Promise.resolve(),
  };
}

const run = (changes: Partial<SubjectsRun> = {}): SubjectsRun => ({
  flags: ["f"],
  input: join(directory, "in.ndjson"),
  out: join(directory, "out.ndjson"),
  record: false,
  restart: false,
  ...changes,
});

function decide(
  from: DecisionSource,
  changes: Partial<SubjectsRun> = {},
  stop?: AbortSignal,
): Promise<SubjectsSummary> {
  return decideSubjects(capturedTerminal(stop === undefined ? {} : { stop }).terminal, from, run(changes));
}

async function results(name = "out.ndjson"): Promise<readonly [string, string]> {
  return [
    await readFile(join(directory, name), "utf8"),
    await readFile(join(directory, `${name}.errors.ndjson`), "utf8"),
  ];
}

async function advice(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (isLottyError(error, "invalid_request")) return `${error.message} / ${String(error.details["advice"])}`;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("decideSubjects", () => {
  it("writes a line per subject in the order of the input, and complaints with their line numbers", async () => {
    await writeSubjects();
    expect(await decide(source())).toEqual({ complete: true, decided: 2_700, faulty: 300, resumedAfter: 0 });
    const [out, errors] = await results();
    const lines = out
      .trim()
      .split("\n")
      .map((line): { line: number; subject_id: string } => JSON.parse(line));
    expect(lines.map(({ line }) => line)).toEqual(
      Array.from({ length: COUNT }, (_, index) => index + 1).filter((line) => line % 10 !== 5),
    );
    expect(lines.every(({ line, subject_id }) => subject_id === `s${line - 1}`)).toBe(true);
    expect(errors.split("\n")[0]).toBe('{"line":5,"message":"the line is not JSON (position 1)"}');
    expect((await readdir(directory)).toSorted()).toEqual(["in.ndjson", "out.ndjson", "out.ndjson.errors.ndjson"]);
  });

  it("goes on after a stop, with the same result byte by byte", async () => {
    await writeSubjects();
    await decide(source(), { out: join(directory, "whole.ndjson") });
    for (const stopAt of [1_700, 300]) {
      const stop = new AbortController();
      const stopping = source({ onDecide: (before) => before === stopAt && stop.abort("SIGINT") });
      expect(await decide(stopping, {}, stop.signal)).toMatchObject({ complete: false });
    }
    expect(await readdir(directory)).not.toContain("out.ndjson");
    expect(await decide(source())).toMatchObject({ complete: true, faulty: 300 });
    expect(await results()).toEqual(await results("whole.ndjson"));
  });

  it("goes on after being killed at any byte, with the same result byte by byte", async () => {
    await writeSubjects();
    await decide(source(), { out: join(directory, "whole.ndjson") });
    const [whole, complaints] = await results("whole.ndjson");
    for (const length of [0, 1, 100, 70_000, 70_001, whole.length - 1]) {
      const stop = new AbortController();
      await decide(source({ onDecide: () => stop.abort() }), { restart: true }, stop.signal);
      await writeFile(join(directory, "out.ndjson.part"), whole.slice(0, length));
      // Complaints are written before the results that follow them, so a killed process may have left more of them.
      await writeFile(join(directory, "out.ndjson.errors.ndjson"), `${complaints}{"line":`);
      expect(await decide(source())).toMatchObject({ complete: true, faulty: 300 });
      expect(await results()).toEqual([whole, complaints]);
      await rm(join(directory, "out.ndjson"));
    }
  });

  it("goes on after the source failed", async () => {
    await writeSubjects();
    await decide(source(), { out: join(directory, "whole.ndjson") });
    const failing = source({
      onDecide: (before) => {
        if (before === 900) throw new LottyError("database_unavailable", "away");
      },
    });
    await expect(decide(failing)).rejects.toMatchObject({ code: "database_unavailable" });
    expect(await decide(source())).toMatchObject({ complete: true });
    expect(await results()).toEqual(await results("whole.ndjson"));
  });

  it("counts a subject that cannot be decided, and goes on with the others", async () => {
    await writeSubjects();
    let asked = 0;
    const refusing = source({
      onDecide: () => {
        asked += 1;
        if (asked === 2) throw new LottyError("subject_not_encodable", "cannot be hashed");
      },
    });
    expect(await decide(refusing)).toMatchObject({ complete: true, decided: 2_699, faulty: 301 });
    expect((await results())[1]).toContain('{"line":2,"message":"cannot be hashed"}');
  });

  it("refuses to replace a complete result, and does when told to", async () => {
    await writeSubjects();
    await decide(source());
    expect(await advice(decide(source()))).toMatch(/is there already and complete \/ Use --restart/);
    expect(await decide(source(), { restart: true })).toMatchObject({ complete: true, decided: 2_700 });
  });

  it("refuses to go on with other flags, another configuration or another input", async () => {
    await writeSubjects();
    await writeSubjects("other.ndjson", "o");
    await writeFile(join(directory, "short.ndjson"), '{"subject_id":"s0"}\n');
    const stop = new AbortController();
    await decide(source({ onDecide: (before) => before === 500 && stop.abort() }), {}, stop.signal);
    expect(await advice(decide(source(), { flags: ["g"] }))).toContain("was begun with other flags");
    expect(await advice(decide(source({ fingerprint: "two" })))).toContain(
      "other definitions of flags and experiments",
    );
    expect(await advice(decide(source(), { record: true }))).toContain("other recording");
    expect(await advice(decide(source(), { input: join(directory, "other.ndjson") }))).toContain(
      "is not the subject that was decided last",
    );
    expect(await advice(decide(source(), { input: join(directory, "short.ndjson") }))).toContain("shorter");
    expect(await decide(source())).toMatchObject({ complete: true });
  });

  it("refuses a damaged result", async () => {
    await writeSubjects();
    const stop = new AbortController();
    await decide(source({ onDecide: (before) => before === 500 && stop.abort() }), {}, stop.signal);
    await appendFile(join(directory, "out.ndjson.part"), "garbage\n");
    expect(await advice(decide(source()))).toContain("is damaged");
  });

  it("refuses a result of which nobody knows what it was begun with", async () => {
    await writeSubjects();
    await writeFile(join(directory, "out.ndjson.part"), "");
    await truncate(join(directory, "out.ndjson.part"), 0);
    expect(await advice(decide(source()))).toContain("what it was begun with is not known");
  });

  it("writes to the standard output without a file, and complains on the other stream", async () => {
    await writeSubjects();
    const { terminal, out, talk } = capturedTerminal();
    await decideSubjects(terminal, source(), run({ out: undefined }));
    expect(out().trim().split("\n")).toHaveLength(2_700);
    expect(talk()).toContain("in.ndjson:5: the line is not JSON");
  });

  it("says that there is no such input", async () => {
    await expect(decide(source())).rejects.toMatchObject({ code: "not_found" });
  });
});
