import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, type EventType } from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleLink, type OpenedControlPlaneStore } from "./control-plane-store.ts";
import { STORE_NOW, TREACHEROUS_TEXTS } from "./decision-store-fixture.ts";

/** Registers the tests of event types that every store of the control plane passes. One store serves all of them. */
export function describeEventTypes(name: string, open: () => Promise<OpenedControlPlaneStore>): void {
  describe(`event types ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedControlPlaneStore;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    const type = (fields: Partial<EventType> = {}): EventType => ({
      environmentId,
      key: `type-${randomUUID()}`,
      description: null,
      schema: null,
      requiresExposure: false,
      archivedAt: null,
      version: 1,
      updatedAt: STORE_NOW,
      ...fields,
    });

    async function put(...putEventTypes: readonly EventType[]): Promise<void> {
      const { store } = opened;
      const { revision } = await store.load(environmentId);
      await store.commit(environmentId, { putEventTypes, audit: sampleLink("test.change") }, revision);
    }

    it("are none at first", async () => {
      expect(await opened.store.eventTypes(environmentId)).toStrictEqual([]);
    });

    it("come back as they were stored, in the order of their keys, and in their environment only", async () => {
      const types = [
        type({ key: "b", description: TREACHEROUS_TEXTS.join("|"), schema: { type: "object", enum: [{ a: null }] } }),
        type({ key: "a", requiresExposure: true, archivedAt: STORE_NOW + 1, version: 7, updatedAt: STORE_NOW + 2 }),
        type({ key: "B", schema: false }),
        ...TREACHEROUS_TEXTS.map((text) => type({ key: `z${text}` })),
      ];
      await put(...types);
      const found = await opened.store.eventTypes(environmentId);
      const byKey = (some: readonly EventType[]): ReadonlyMap<string, EventType> =>
        new Map(some.map((each) => [each.key, each]));
      expect(byKey(found)).toStrictEqual(byKey(types));
      expect(found.slice(0, 3).map(({ key }) => key)).toStrictEqual(["B", "a", "b"]);
      expect(await opened.store.eventTypes(opened.otherEnvironmentId)).toStrictEqual([]);
    });

    it("are replaced as a whole", async () => {
      const first = type({ description: "d", schema: true, archivedAt: STORE_NOW });
      await put(first);
      const second = type({ key: first.key, requiresExposure: true, version: 2 });
      await put(second);
      const found = await opened.store.eventTypes(environmentId);
      expect(found.filter(({ key }) => key === first.key)).toStrictEqual([second]);
    });
  });
}
