import { DEFAULT_ENVIRONMENT_ID, type Configuration } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { compileSnapshot } from "@lotty/engine";
import { openPostgres, type Storage } from "@lotty/persistence";
import { percentile } from "../rounds.ts";
import { SILENT } from "../silent-logger.ts";
import { flagAt } from "./large-configuration.ts";

/** Medians, in milliseconds. */
export interface LoadCost {
  /** Loading all of it. */
  readonly first: number;
  readonly compile: number;
  /** Loading after one change, where what was there before is known. */
  readonly again: number;
  readonly compileAgain: number;
}

/** Loads and compiles what a database has, from nothing and after changes of one flag. */
export async function loadAndCompile(url: string, storage: Storage, quick: boolean): Promise<LoadCost> {
  const figures = {
    first: [] as number[],
    compile: [] as number[],
    again: [] as number[],
    compileAgain: [] as number[],
  };
  for (let round = 0; round < (quick ? 5 : 15); round += 1) {
    const starting = await openPostgres({ url, logger: SILENT });
    try {
      const before = await timed(figures.first, () => starting.configuration.load(DEFAULT_ENVIRONMENT_ID));
      const previous = await timed(figures.compile, () => compileSnapshot(before, { parseRule }));
      await changeOneFlag(storage, before, round);
      const after = await timed(figures.again, () => starting.configuration.load(DEFAULT_ENVIRONMENT_ID));
      await timed(figures.compileAgain, () => compileSnapshot(after, { parseRule, previous }));
    } finally {
      await starting.close();
    }
  }
  const { again, compile, compileAgain, first } = figures;
  return { first: median(first), compile: median(compile), again: median(again), compileAgain: median(compileAgain) };
}

async function changeOneFlag(storage: Storage, { revision }: Configuration, round: number): Promise<void> {
  const flag = flagAt(1, { version: round + 2, defaultValue: `round ${round}` });
  await storage.configuration.apply(DEFAULT_ENVIRONMENT_ID, { putFlags: [flag] }, revision);
}

async function timed<Result>(figures: number[], work: () => Result | Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work();
  figures.push(performance.now() - start);
  return result;
}

function median(figures: readonly number[]): number {
  return percentile(figures, 0.5);
}
