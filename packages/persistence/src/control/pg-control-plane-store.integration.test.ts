import { createHash, randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  EMPTY_AUDIT_HEAD,
  isLottyError,
  type AuditEntry,
  type AuditHead,
  type AuditLink,
  type ChangeNotice,
  type ControlChange,
} from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleExperimentDetails, sampleFlagDetails, sampleReview } from "@lotty/testkit/suites/control-plane-store";
import {
  sampleDecisionId,
  sampleExperiment,
  sampleFlag,
  STORE_NOW,
} from "@lotty/testkit/suites/decision-store-fixture";
import fc from "fast-check";
import { Pool } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import type { Storage } from "../storage.ts";

function hashOf(entry: AuditEntry): string {
  return createHash("sha256")
    .update(JSON.stringify({ ...entry, hash: "" }))
    .digest("hex");
}

/** Entries as people make them, each with the hash of all that it says. */
function link(fields: Partial<AuditEntry> = {}): AuditLink {
  return (head) => {
    const entry: AuditEntry = {
      sequence: head.sequence + 1,
      id: sampleDecisionId(STORE_NOW),
      at: STORE_NOW,
      actor: { id: randomUUID(), name: "Ada", kind: "user" },
      from: "127.0.0.1",
      action: "flag.edit",
      entity: { kind: "flag", id: randomUUID(), key: "checkout" },
      environmentId: DEFAULT_ENVIRONMENT_ID,
      before: null,
      after: { owner: "Ada" },
      ...fields,
      previousHash: head.hash,
      hash: "",
    };
    return [{ ...entry, hash: hashOf(entry) }];
  };
}

/** The first place at which a chain is not what was written; `undefined` when it is whole. */
function firstFault(entries: readonly AuditEntry[]): number | undefined {
  let last: AuditHead = EMPTY_AUDIT_HEAD;
  for (const entry of entries) {
    const follows = entry.sequence === last.sequence + 1 && entry.previousHash === last.hash;
    if (!follows || hashOf(entry) !== entry.hash) return entry.sequence;
    last = entry;
  }
  return undefined;
}

describe("the control plane on Postgres", () => {
  const environmentId = DEFAULT_ENVIRONMENT_ID;
  const otherEnvironmentId = randomUUID();
  let database: TestDatabase;
  let storage: Storage;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
    await storage.migrate();
    pool = new Pool({ connectionString: database.url });
    await pool.query("INSERT INTO environments (id, key) VALUES ($1, 'other')", [otherEnvironmentId]);
  });

  afterAll(async () => {
    await Promise.all([storage.close(), pool.end()]);
    await database.drop();
  });

  async function commit(change: Partial<ControlChange> = {}, within = environmentId): Promise<number> {
    const revision = await storage.configuration.revision(within);
    return storage.control.store.commit(within, { audit: link(), ...change }, revision);
  }

  const chain = (): Promise<readonly AuditEntry[]> => storage.control.store.auditEntries(0, 100_000);

  /** What somebody can do who owns the table and takes the trigger away. */
  async function tamper(statement: string): Promise<void> {
    const trigger = (state: string): string => `ALTER TABLE audit_log ${state} TRIGGER audit_log_only_grows`;
    await pool.query(`${trigger("DISABLE")}; ${statement}; ${trigger("ENABLE ALWAYS")}`);
  }

  it("ends 20 parallel commits of several processes in one chain, and tells every loser of the conflict", async () => {
    const options = { url: database.url, poolSize: 3, logger: new RecordingLogger() };
    const processes = await Promise.all(Array.from({ length: 4 }, () => openPostgres(options)));
    const before = (await chain()).length;
    const revisions = new Map(
      await Promise.all(
        [environmentId, otherEnvironmentId].map(async (id) => [id, await storage.configuration.revision(id)] as const),
      ),
    );
    let conflicts = 0;
    async function commitAtLast(index: number): Promise<void> {
      const { control, configuration } = processes[index % processes.length] ?? storage;
      const within = index % 5 === 0 ? otherEnvironmentId : environmentId;
      const flag = sampleFlag();
      const change = { configuration: { putFlags: [flag] }, putFlagDetails: [sampleFlagDetails(flag.id)] };
      // All of them start from one revision.
      let revision = revisions.get(within) ?? 0;
      for (;;) {
        try {
          await control.store.commit(within, { ...change, audit: link({ action: `parallel.${index}` }) }, revision);
          return;
        } catch (error) {
          if (!isLottyError(error, "revision_conflict")) throw error;
          conflicts += 1;
          revision = await configuration.revision(within);
        }
      }
    }
    const indexes = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(indexes.map(commitAtLast));
    const entries = await chain();
    expect(firstFault(entries)).toBeUndefined();
    expect(
      entries
        .slice(before)
        .map(({ action }) => action)
        .toSorted(),
    ).toStrictEqual(indexes.map((index) => `parallel.${index}`).toSorted());
    expect(conflicts).toBeGreaterThanOrEqual(18);
    // Every flag is new in both environments.
    for (const [id, revision] of revisions) expect(await storage.configuration.revision(id)).toBe(revision + 20);
    await Promise.all(processes.map((each) => each.close()));
  });

  it("lets commits of different environments wait for each other instead of refusing them", async () => {
    const environments = Array.from({ length: 8 }, () => randomUUID());
    for (const id of environments) await pool.query("INSERT INTO environments (id, key) VALUES ($1, $2)", [id, id]);
    for (const round of [0, 1, 2]) {
      const audit = link({ action: `round.${round}` });
      await Promise.all(environments.map((id) => storage.control.store.commit(id, { audit }, round)));
    }
    const entries = await chain();
    expect(entries.filter(({ action }) => action.startsWith("round."))).toHaveLength(24);
    expect(firstFault(entries)).toBeUndefined();
  });

  it("refuses an entry that follows anything but the end of the chain", async () => {
    await commit();
    const [first] = await chain();
    const [before, revision] = [await chain(), await storage.configuration.revision(environmentId)];
    const stale = [EMPTY_AUDIT_HEAD, { sequence: before.length, hash: first?.hash ?? "" }];
    for (const head of stale) {
      const forking = commit({ configuration: { putFlags: [sampleFlag()] }, audit: () => link()(head) });
      await expect(forking).rejects.toMatchObject({ code: "revision_conflict", retryable: true });
    }
    expect(await chain()).toStrictEqual(before);
    expect(await storage.configuration.revision(environmentId)).toBe(revision);
  });

  it("tells other processes of a commit, and has a row in the change log also when no decision depends on it", async () => {
    const follower = await openPostgres({ url: database.url, logger: new RecordingLogger() });
    const heard: ChangeNotice[] = [];
    const stop = await follower.notices.subscribe((notice) => {
      if (notice.environmentId === environmentId) heard.push(notice);
    });
    const flag = sampleFlag();
    const put = await commit({ configuration: { putFlags: [flag] } });
    const said = await commit({ putFlagDetails: [sampleFlagDetails(flag.id, { owner: "Ada" })] });
    await vi.waitFor(() => expect(heard).toStrictEqual([put, said].map((revision) => ({ environmentId, revision }))), {
      timeout: 1_000,
      interval: 5,
    });
    const { rows } = await pool.query<object>(
      "SELECT changes FROM change_log WHERE environment_id = $1 AND revision >= $2 ORDER BY revision",
      [environmentId, put],
    );
    expect(rows).toStrictEqual([{ changes: { put_flags: [flag.id] } }, { changes: {} }]);
    expect((await storage.configurationHistory.at(environmentId, said))?.flags).toContainEqual(flag);
    await stop();
    await follower.close();
  });

  it("keeps on record what was done to flags and experiments that are gone", async () => {
    const flag = sampleFlag();
    const experiment = sampleExperiment(flag.id);
    const entity = { kind: "experiment", id: experiment.id, key: experiment.key } as const;
    await commit({
      configuration: { putFlags: [flag], putExperiments: [experiment] },
      putFlagDetails: [sampleFlagDetails(flag.id)],
      putExperimentDetails: [sampleExperimentDetails(experiment.id)],
      putReviews: [sampleReview(experiment.id)],
      audit: link({ action: "experiment.create", entity }),
    });
    await commit({
      configuration: { removeExperimentIds: [experiment.id], removeFlagIds: [flag.id] },
      // Too late to be said: what it is about goes in the same change.
      putFlagDetails: [sampleFlagDetails(flag.id, { owner: "late" })],
      audit: link({ action: "experiment.remove", entity }),
    });
    expect(await storage.control.store.flagDetails(flag.id)).toBeUndefined();
    expect(await storage.control.store.reviews(environmentId, experiment.id)).toStrictEqual([]);
    const about = (await chain()).filter((entry) => entry.entity.id === experiment.id);
    expect(about.map(({ action }) => action)).toStrictEqual(["experiment.create", "experiment.remove"]);
    expect(firstFault(await chain())).toBeUndefined();
  });

  it("gives back every text as it was, so that the hash over it fits", async () => {
    const flag = sampleFlag();
    const experiment = sampleExperiment(flag.id);
    await commit({ configuration: { putFlags: [flag], putExperiments: [experiment] } });
    const { store } = storage.control;
    const anyText = fc.string({ unit: "binary" });
    const storable = anyText.filter((text) => text.isWellFormed() && !text.includes("\0"));
    await fc.assert(
      fc.asyncProperty(anyText, fc.jsonValue(), storable, async (text, json, name) => {
        const flagSaid = sampleFlagDetails(flag.id, {
          description: text,
          owner: text,
          tags: [text],
          valueSchema: [text],
        });
        const said = sampleExperimentDetails(experiment.id, { hypothesis: text, authors: [name], submittedBy: name });
        const review = sampleReview(experiment.id, { comment: text, reviewerName: text, reviewerId: name });
        const value: AuditEntry["after"] = JSON.parse(JSON.stringify(json)) as AuditEntry["after"];
        const actor = { id: name, name, kind: "key" } as const;
        const entity = { kind: "segment", id: name, key: name } as const;
        await commit({
          putFlagDetails: [flagSaid],
          putExperimentDetails: [said],
          putReviews: [review],
          audit: link({ actor, entity, from: name, before: value, after: [text, value] }),
        });
        expect(await store.flagDetails(flag.id)).toStrictEqual(flagSaid);
        expect(await store.experimentDetails(environmentId, experiment.id)).toStrictEqual(said);
        expect(await store.reviews(environmentId, experiment.id)).toContainEqual(review);
        const head = await store.auditHead();
        const [entry] = await store.auditEntries(head.sequence - 1, 1);
        expect(entry).toMatchObject({ actor, entity, from: name, before: value, after: [text, value] });
      }),
      { numRuns: 40 },
    );
    expect(firstFault(await chain())).toBeUndefined();
  });

  describe("refuses", () => {
    const rejected = { code: "database_rejected", retryable: false };

    it("texts on record that would not come back as they are", async () => {
      for (const name of ["a\ud800", "a\0"]) {
        const actor = { id: "ada", name, kind: "user" } as const;
        await expect(commit({ audit: link({ actor }) })).rejects.toMatchObject(rejected);
        const group = { id: randomUUID(), name, experimenters: [], approvers: [], minimum: 1 };
        await expect(commit({ putApproverGroups: [group] })).rejects.toMatchObject(rejected);
      }
      expect(await storage.control.store.approverGroups(environmentId)).toStrictEqual([]);
    });

    it("what is said about things that are not there, or of another environment", async () => {
      const flag = sampleFlag();
      const experiment = sampleExperiment(flag.id);
      await commit({ configuration: { putFlags: [flag], putExperiments: [experiment] } });
      const changes: readonly Partial<ControlChange>[] = [
        { putExperimentDetails: [sampleExperimentDetails(experiment.id)] },
        { putReviews: [sampleReview(experiment.id)] },
      ];
      const before = await chain();
      for (const change of changes) {
        await expect(commit(change, otherEnvironmentId)).rejects.toMatchObject(rejected);
      }
      await expect(commit({ putFlagDetails: [sampleFlagDetails(randomUUID())] })).rejects.toMatchObject(rejected);
      await expect(commit({}, randomUUID())).rejects.toMatchObject(rejected);
      expect(await chain()).toStrictEqual(before);
    });

    it("two approver groups of one name, but lets names change hands", async () => {
      const group = (name: string): NonNullable<ControlChange["putApproverGroups"]>[number] => ({
        id: randomUUID(),
        name,
        experimenters: [],
        approvers: ["ada"],
        minimum: 1,
      });
      const [one, other] = [group("one"), group("other")];
      await commit({ putApproverGroups: [one, other] });
      await expect(commit({ putApproverGroups: [group("one")] })).rejects.toMatchObject(rejected);
      const swapped = [
        { ...one, name: "other" },
        { ...other, name: "one" },
      ];
      await commit({ putApproverGroups: swapped });
      expect(await storage.control.store.approverGroups(environmentId)).toStrictEqual(swapped.toReversed());
    });
  });

  describe("has a chain", () => {
    beforeEach(async () => {
      for (let index = 0; index < 3; index += 1) await commit();
    });

    it.each([
      "UPDATE audit_log SET action = 'x'",
      "UPDATE audit_log SET action = 'x' WHERE false",
      "DELETE FROM audit_log",
    ])("that only grows: %s", async (statement) => {
      const before = await chain();
      await expect(pool.query(statement)).rejects.toMatchObject({ code: "23001" });
      const replaying = `SET LOCAL session_replication_role = replica; ${statement}`;
      await expect(pool.query(replaying)).rejects.toMatchObject({ code: "23001" });
      expect(await chain()).toStrictEqual(before);
    });

    it("that cannot be emptied, not even along with other tables", async () => {
      for (const statement of ["TRUNCATE audit_log", "TRUNCATE flags, audit_log CASCADE"]) {
        await expect(pool.query(statement)).rejects.toMatchObject({ code: "23001" });
      }
      expect((await chain()).length).toBeGreaterThanOrEqual(3);
    });

    it("that shows which row was changed by somebody who took the trigger away", async () => {
      const { length } = await chain();
      const changed = length - 1;
      for (const column of ["action", "actor_name", "entity_key", "came_from"]) {
        await tamper(`UPDATE audit_log SET ${column} = ${column} || '!' WHERE sequence = ${changed}`);
        expect(firstFault(await chain())).toBe(changed);
        await tamper(`UPDATE audit_log SET ${column} = left(${column}, -1) WHERE sequence = ${changed}`);
        expect(firstFault(await chain())).toBeUndefined();
      }
      await tamper(`UPDATE audit_log SET at = at + interval '1 microsecond' WHERE sequence = ${changed}`);
      expect(firstFault(await chain())).toBe(changed);
      await tamper(`UPDATE audit_log SET at = at - interval '1 microsecond' WHERE sequence = ${changed}`);
      await tamper(`UPDATE audit_log SET after = '{"owner":"Bob"}' WHERE sequence = ${changed}`);
      expect(firstFault(await chain())).toBe(changed);
      await tamper(`UPDATE audit_log SET after = '{"owner":"Ada"}' WHERE sequence = ${changed}`);
      expect(firstFault(await chain())).toBeUndefined();
    });
  });
});
