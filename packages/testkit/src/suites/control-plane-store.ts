import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  EMPTY_AUDIT_HEAD,
  isLottyError,
  type ApproverGroup,
  type AuditEntry,
  type AuditHead,
  type AuditLink,
  type ControlChange,
  type ControlPlaneStore,
  type Experiment,
  type ExperimentDetails,
  type Flag,
  type FlagDetails,
  type Review,
} from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  sampleDecisionId,
  sampleExperiment,
  sampleFlag,
  STORE_NOW,
  TREACHEROUS_TEXTS,
} from "./decision-store-fixture.ts";

/** A store of the control plane to be tested. Nothing is stored in it yet. */
export interface OpenedControlPlaneStore {
  readonly store: ControlPlaneStore;
  /** An environment besides the default one, empty as well. */
  readonly otherEnvironmentId: string;
  close(): Promise<void>;
}

/** What is said about a flag. */
export function sampleFlagDetails(flagId: string, fields: Partial<FlagDetails> = {}): FlagDetails {
  return { flagId, description: null, owner: null, tags: [], valueSchema: null, archivedAt: null, ...fields };
}

/** What is said about an experiment. */
export function sampleExperimentDetails(
  experimentId: string,
  fields: Partial<ExperimentDetails> = {},
): ExperimentDetails {
  return {
    experimentId,
    hypothesis: null,
    owner: null,
    plannedDays: null,
    description: null,
    authors: [],
    submittedBy: null,
    contentVersion: 1,
    proposal: null,
    startedAt: null,
    completedAt: null,
    outcome: null,
    ...fields,
  };
}

/** An approval of an experiment. */
export function sampleReview(experimentId: string, fields: Partial<Review> = {}): Review {
  return {
    id: sampleDecisionId(fields.at ?? STORE_NOW),
    experimentId,
    reviewerId: randomUUID(),
    reviewerName: "Grace",
    verdict: "approve",
    comment: null,
    version: 1,
    at: STORE_NOW,
    withdrawnAt: null,
    ...fields,
  };
}

/** Entries whose hashes are made up: the store keeps what it is given. */
export function sampleLink(...actions: readonly string[]): AuditLink {
  return (head) => {
    let last: AuditHead = head;
    return actions.map((action) => {
      const entry: AuditEntry = {
        sequence: last.sequence + 1,
        id: sampleDecisionId(STORE_NOW),
        at: STORE_NOW,
        actor: { id: randomUUID(), name: "Ada", kind: "user" },
        from: null,
        action,
        entity: { kind: "flag", id: randomUUID(), key: 'a "key"' },
        environmentId: DEFAULT_ENVIRONMENT_ID,
        before: null,
        after: { n: 1e-7, list: [null, true, "é"], nested: { __proto__x: {} } },
        previousHash: last.hash,
        hash: randomUUID().replaceAll("-", "").repeat(2),
      };
      last = entry;
      return entry;
    });
  };
}

/** Registers the tests that every store of the control plane passes. One store serves all of them. */
export function describeControlPlaneStore(name: string, open: () => Promise<OpenedControlPlaneStore>): void {
  describe(`control plane store ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedControlPlaneStore;
    let store: ControlPlaneStore;
    let headAtFirst: AuditHead;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
      headAtFirst = await store.auditHead();
    });
    afterAll(() => opened.close());

    async function commit(change: Omit<ControlChange, "audit"> & { readonly audit?: AuditLink }): Promise<number> {
      const { revision } = await store.load(environmentId);
      return store.commit(environmentId, { audit: sampleLink("test.change"), ...change }, revision);
    }

    async function storedExperiment(): Promise<{ readonly flag: Flag; readonly experiment: Experiment }> {
      const flag = sampleFlag();
      const experiment = sampleExperiment(flag.id);
      await commit({ configuration: { putFlags: [flag], putExperiments: [experiment] } });
      return { flag, experiment };
    }

    it("knows nothing of what was never stored", async () => {
      expect(headAtFirst).toStrictEqual(EMPTY_AUDIT_HEAD);
      expect(await store.flagDetails(randomUUID())).toBeUndefined();
      expect(await store.flagVersion(environmentId, randomUUID(), 1)).toBeUndefined();
      expect(await store.experimentDetails(environmentId, randomUUID())).toBeUndefined();
      expect(await store.reviews(environmentId, randomUUID())).toStrictEqual([]);
      expect(await store.approverGroups(opened.otherEnvironmentId)).toStrictEqual([]);
    });

    it("stores configuration and details in one commit, which raises the revision by one", async () => {
      const flag = sampleFlag();
      const details = sampleFlagDetails(flag.id, {
        description: TREACHEROUS_TEXTS.join("|"),
        owner: "team é",
        tags: ["a", "b c"],
        valueSchema: { type: "string", enum: ["a", null, 0.1] },
        archivedAt: STORE_NOW,
      });
      const { revision } = await store.load(environmentId);
      expect(await commit({ configuration: { putFlags: [flag] }, putFlagDetails: [details] })).toBe(revision + 1);
      const loaded = await store.load(environmentId);
      expect(loaded.revision).toBe(revision + 1);
      expect(loaded.flags).toContainEqual(flag);
      expect(await store.flagDetails(flag.id)).toStrictEqual(details);
      expect(await store.allFlagDetails()).toContainEqual(details);
    });

    it("raises the revision also when no decision depends on what was changed", async () => {
      const { flag } = await storedExperiment();
      const { revision } = await store.load(environmentId);
      expect(await commit({ putFlagDetails: [sampleFlagDetails(flag.id, { owner: "Ada" })] })).toBe(revision + 1);
      expect((await store.load(environmentId)).revision).toBe(revision + 1);
    });

    it("replaces details as given, also by empty ones", async () => {
      const { flag, experiment } = await storedExperiment();
      await commit({
        putFlagDetails: [sampleFlagDetails(flag.id, { owner: "Ada", valueSchema: true, tags: ["x"] })],
        putExperimentDetails: [sampleExperimentDetails(experiment.id, { hypothesis: "more", authors: ["a"] })],
      });
      await commit({
        putFlagDetails: [sampleFlagDetails(flag.id)],
        putExperimentDetails: [sampleExperimentDetails(experiment.id)],
      });
      expect(await store.flagDetails(flag.id)).toStrictEqual(sampleFlagDetails(flag.id));
      const details = await store.experimentDetails(environmentId, experiment.id);
      expect(details).toStrictEqual(sampleExperimentDetails(experiment.id));
    });

    it("gives what is said about an experiment back, a proposal and an outcome included", async () => {
      const { experiment } = await storedExperiment();
      const { flagId, variants } = experiment;
      const content = { flagId, targetingRules: "age > 1", trafficAllocation: 1, variants, stickyAssignment: true };
      const details = sampleExperimentDetails(experiment.id, {
        hypothesis: "Grüne Knöpfe",
        owner: "Ada",
        plannedDays: 14,
        description: "d",
        authors: [randomUUID(), randomUUID()],
        submittedBy: randomUUID(),
        contentVersion: 3,
        proposal: { content, proposedBy: randomUUID(), proposedAt: STORE_NOW + 1 },
        startedAt: STORE_NOW + 2,
        completedAt: STORE_NOW + 3,
        outcome: { kind: "rollout_winner", variantId: variants[0]?.id ?? null, comment: "it won" },
      });
      await commit({ putExperimentDetails: [details] });
      expect(await store.experimentDetails(environmentId, experiment.id)).toStrictEqual(details);
      expect(await store.allExperimentDetails(environmentId)).toContainEqual(details);
    });

    it("gives reviews oldest first, and replaces one that is withdrawn", async () => {
      const { experiment } = await storedExperiment();
      const reviews = [2, 1, 3].map((place) =>
        sampleReview(experiment.id, { at: STORE_NOW + place, comment: `${place}` }),
      );
      const [second, first, third] = reviews;
      await commit({ putReviews: reviews });
      expect(await store.reviews(environmentId, experiment.id)).toStrictEqual([first, second, third]);
      const withdrawn: Review = { ...second!, withdrawnAt: STORE_NOW + 9 };
      await commit({ putReviews: [withdrawn] });
      expect(await store.reviews(environmentId, experiment.id)).toStrictEqual([first, withdrawn, third]);
    });

    it("keeps approver groups in the order of their names", async () => {
      const group = (groupName: string): ApproverGroup => ({
        id: randomUUID(),
        name: groupName,
        experimenters: [randomUUID()],
        approvers: [randomUUID(), randomUUID()],
        minimum: 2,
      });
      const [b, a] = [group("b"), group("a")];
      await commit({ putApproverGroups: [b, a] });
      expect(await store.approverGroups(environmentId)).toStrictEqual([a, b]);
      const changed = { ...b, minimum: 1, experimenters: [] };
      await commit({ putApproverGroups: [changed], removeApproverGroupIds: [a.id] });
      expect(await store.approverGroups(environmentId)).toStrictEqual([changed]);
    });

    it("keeps every version of a flag", async () => {
      const one = sampleFlag({ version: 1, defaultValue: "one" });
      const two = { ...one, version: 2, defaultValue: "two" };
      await commit({ configuration: { putFlags: [one] } });
      await commit({ configuration: { putFlags: [two] } });
      expect(await store.flagVersion(environmentId, one.id, 1)).toStrictEqual(one);
      expect(await store.flagVersion(environmentId, one.id, 2)).toStrictEqual(two);
      expect(await store.flagVersion(environmentId, one.id, 3)).toBeUndefined();
    });

    it("forgets details and reviews with what they are about", async () => {
      const { flag, experiment } = await storedExperiment();
      await commit({
        putFlagDetails: [sampleFlagDetails(flag.id)],
        putExperimentDetails: [sampleExperimentDetails(experiment.id)],
        putReviews: [sampleReview(experiment.id)],
      });
      await commit({ configuration: { removeExperimentIds: [experiment.id], removeFlagIds: [flag.id] } });
      expect(await store.flagDetails(flag.id)).toBeUndefined();
      expect(await store.experimentDetails(environmentId, experiment.id)).toBeUndefined();
      expect(await store.reviews(environmentId, experiment.id)).toStrictEqual([]);
    });

    it("links entries to the end of the chain and gives them back in their order, page by page", async () => {
      const before = await store.auditHead();
      let given: AuditHead | undefined;
      await commit({
        audit: (head) => {
          given = head;
          return sampleLink("one", "two", "three")(head);
        },
      });
      expect(given).toStrictEqual(before);
      const first = await store.auditEntries(before.sequence, 2);
      expect(first.map(({ action }) => action)).toStrictEqual(["one", "two"]);
      expect(first[0]).toMatchObject({ sequence: before.sequence + 1, previousHash: before.hash });
      expect(first[0]?.after).toStrictEqual({ n: 1e-7, list: [null, true, "é"], nested: { __proto__x: {} } });
      const rest = await store.auditEntries(before.sequence + 2, 10);
      expect(rest.map(({ action }) => action)).toStrictEqual(["three"]);
      expect(await store.auditHead()).toStrictEqual({ sequence: rest[0]?.sequence, hash: rest[0]?.hash });
      expect(rest[0]?.previousHash).toBe(first[1]?.hash);
    });

    it("writes nothing when the revision is another one", async () => {
      const { flag, experiment } = await storedExperiment();
      const { revision } = await store.load(environmentId);
      const head = await store.auditHead();
      const error: unknown = await store
        .commit(environmentId, everything(flag, experiment, sampleLink("late")), revision - 1)
        .catch((thrown: unknown) => thrown);
      expect(isLottyError(error, "revision_conflict")).toBe(true);
      await expectNothingWritten({ flag, experiment, revision, head });
    });

    it("writes nothing when the entries cannot be made", async () => {
      const { flag, experiment } = await storedExperiment();
      const { revision } = await store.load(environmentId);
      const head = await store.auditHead();
      const failing: AuditLink = () => {
        throw new Error("no entry");
      };
      const failed = store.commit(environmentId, everything(flag, experiment, failing), revision);
      await expect(failed).rejects.toThrow("no entry");
      const unrecorded = store.commit(
        environmentId,
        everything(flag, experiment, () => []),
        revision,
      );
      const error: unknown = await unrecorded.catch((thrown: unknown) => thrown);
      expect(isLottyError(error, "internal")).toBe(true);
      await expectNothingWritten({ flag, experiment, revision, head });
    });

    it("lets one of several parallel commits of a revision through", async () => {
      const { revision } = await store.load(environmentId);
      const head = await store.auditHead();
      const outcomes = await Promise.allSettled(
        [1, 2, 3, 4].map((place) => store.commit(environmentId, { audit: sampleLink(`parallel.${place}`) }, revision)),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await store.auditEntries(head.sequence, 10)).toHaveLength(1);
    });

    it("links parallel commits of different environments one after the other", async () => {
      const environments = [environmentId, opened.otherEnvironmentId];
      const head = await store.auditHead();
      const revisions = await Promise.all(environments.map((id) => store.load(id)));
      await Promise.all(
        revisions.map((each) => store.commit(each.environmentId, { audit: sampleLink("a", "b") }, each.revision)),
      );
      const entries = await store.auditEntries(head.sequence, 10);
      expect(entries.map(({ sequence }) => sequence)).toStrictEqual([1, 2, 3, 4].map((step) => head.sequence + step));
      for (const [index, entry] of entries.entries()) {
        expect(entry.previousHash).toBe(index === 0 ? head.hash : entries[index - 1]?.hash);
      }
    });

    it("keeps environments apart", async () => {
      const { experiment, flag } = await storedExperiment();
      await commit({ putReviews: [sampleReview(experiment.id)], putFlagDetails: [sampleFlagDetails(flag.id)] });
      expect(await store.reviews(opened.otherEnvironmentId, experiment.id)).toStrictEqual([]);
      expect((await store.load(opened.otherEnvironmentId)).experiments).toStrictEqual([]);
    });

    function everything(flag: Flag, experiment: Experiment, audit: AuditLink): ControlChange {
      return {
        configuration: { putFlags: [{ ...flag, version: 2, defaultValue: "changed" }] },
        putFlagDetails: [sampleFlagDetails(flag.id)],
        putExperimentDetails: [sampleExperimentDetails(experiment.id)],
        putReviews: [sampleReview(experiment.id)],
        putApproverGroups: [
          { id: randomUUID(), name: randomUUID(), experimenters: [], approvers: [randomUUID()], minimum: 1 },
        ],
        audit,
      };
    }

    async function expectNothingWritten(known: {
      readonly flag: Flag;
      readonly experiment: Experiment;
      readonly revision: number;
      readonly head: AuditHead;
    }): Promise<void> {
      const { flag, experiment, revision, head } = known;
      const loaded = await store.load(environmentId);
      expect(loaded.revision).toBe(revision);
      expect(loaded.flags).toContainEqual(flag);
      expect(await store.flagVersion(environmentId, flag.id, 2)).toBeUndefined();
      expect(await store.flagDetails(flag.id)).toBeUndefined();
      expect(await store.experimentDetails(environmentId, experiment.id)).toBeUndefined();
      expect(await store.reviews(environmentId, experiment.id)).toStrictEqual([]);
      expect((await store.approverGroups(environmentId)).every(({ minimum }) => minimum === 1)).toBe(true);
      expect(await store.auditHead()).toStrictEqual(head);
    }
  });
}
