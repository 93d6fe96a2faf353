import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty directory, and how to remove it. */
export interface TestDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes a directory for a test. */
export async function testDirectory(): Promise<TestDirectory> {
  const path = await mkdtemp(join(tmpdir(), "lotty-spool-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
