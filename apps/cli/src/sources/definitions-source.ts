import { hash } from "node:crypto";
import { createDecider, type SnapshotSource } from "@lotty/decisions";
import { type Definitions, planChange } from "@lotty/definitions";
import { type Configuration, DEFAULT_ENVIRONMENT_ID, LottyError } from "@lotty/domain";
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
  const configuration = configurationFrom(definitions);
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

function configurationFrom(definitions: Definitions): Configuration {
  const nothing = { environmentId: DEFAULT_ENVIRONMENT_ID, revision: 0, flags: [], experiments: [], domains: [] };
  const newId = (): string => {
    throw new LottyError("internal", "a file that is not stored needs no new ids");
  };
  const { change } = planChange(definitions, nothing, { now: 0, newId });
  return {
    ...nothing,
    flags: change.putFlags ?? [],
    experiments: change.putExperiments ?? [],
    domains: change.putDomains ?? [],
  };
}
