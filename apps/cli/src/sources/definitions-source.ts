import { hash } from "node:crypto";
import { createDecider, type SnapshotSource } from "@lotty/decisions";
import { configurationOf, type Definitions } from "@lotty/definitions";
import { parseRule } from "@lotty/dsl";
import { compileSnapshot } from "@lotty/engine";
import { DeciderAnswers } from "./decider-answers.ts";
import type { DecisionSource } from "./decision-source.ts";
import { MemoryHistory } from "./memory-history.ts";
import { localClock, localIds, noMetrics, quietLogger } from "./local-ports.ts";

/**
 * Decides straight from a definitions file, with no database. Ids come from the names, as on the first `lotty apply`, so
 * a subject gets what it gets there. What is recorded is remembered until the command ends.
 */
export function definitionsSource(definitions: Definitions, fileName: string): DecisionSource {
  const configuration = configurationOf(definitions);
  const history = new MemoryHistory();
  const snapshot = compileSnapshot(configuration, { parseRule });
  const snapshots: SnapshotSource = { current: () => snapshot, refresh: () => Promise.resolve(snapshot) };
  const answers = new DeciderAnswers(
    createDecider({
      snapshots,
      history,
      recorder: history,
      queue: null,
      historyCache: null,
      historyCacheTtlSeconds: 0,
      cache: null,
      cacheTtlSeconds: 0,
      writeMode: "sync",
      clock: localClock,
      ids: localIds,
      metrics: noMetrics,
      logger: quietLogger,
    }),
  );
  return {
    description: `file ${fileName}`,
    fingerprint: `definitions ${hash("sha256", JSON.stringify(configuration))}`,
    concurrency: 64,
    decide: (flags, subject, record) => answers.decide(flags, subject, record),
    explain: (flag, subject) => answers.explain(flag, subject),
    close: () => Promise.resolve(),
  };
}
