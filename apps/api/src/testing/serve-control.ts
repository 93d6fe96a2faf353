import type { ControlSettings } from "@lotty/control-plane";
import { ValueSchemas } from "@lotty/value-schemas";
import type { ControlChange, Role } from "@lotty/domain";
import { AddressPolicy, createSecretBox } from "@lotty/notifications";
import { createEventIntake, EventCatalogue } from "@lotty/events";
import { createMetrics, systemClock, Uuid7Source } from "@lotty/runtime";
import { MemoryEventStore } from "@lotty/testkit/fakes/memory-event-store";
import { MemoryControlPlaneStore } from "@lotty/testkit/fakes/memory-control-plane-store";
import { MemoryDecisionUsage, MemoryRecordedSubjects, MemorySharedSubjects } from "@lotty/testkit/fakes/recorded-usage";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { type ApiControl, createApiControl, noControl } from "../routes/control/api-control.ts";
import { type ApiEvents, noEvents } from "../routes/events/event-routes.ts";
import { openPeople } from "./people-for-test.ts";
import { logInForTest, type PersonForTest } from "./person-for-test.ts";
import { serveConfiguration, type ServedConfiguration } from "./serve-configuration.ts";

/** The API with its control plane in memory, and people who use it. */
export interface ServedControl extends ServedConfiguration {
  readonly controlStore: MemoryControlPlaneStore;
  readonly subjects: MemoryRecordedSubjects;
  readonly sharedSubjects: MemorySharedSubjects;
  readonly usage: MemoryDecisionUsage;
  readonly eventStore: MemoryEventStore;
  /** Makes a key of a role that may look and change, and gives its text. */
  key(role: Role): Promise<string>;
  /** Adds a person of this name, who logs in. */
  person(name: string, roles: readonly Role[]): Promise<PersonForTest>;
}

/** Strict reviews by one other person. */
const SETTINGS: ControlSettings = { allowSelfApproval: false, minimumApprovals: 1, previewDays: 7 };

/** A store that tells the server of every commit. */
class NoticedStore extends MemoryControlPlaneStore {
  onCommit: (revision: number) => void = () => undefined;

  override async commit(environmentId: string, change: ControlChange, expectedRevision: number): Promise<number> {
    const revision = await super.commit(environmentId, change, expectedRevision);
    this.onCommit(revision);
    return revision;
  }
}

/** Serves the API as it is, with real decisions on what people make through it; nothing is there at first. */
export async function serveControl(settings: Partial<ControlSettings> = {}): Promise<ServedControl> {
  const people = await openPeople({ clock: systemClock, logger: new RecordingLogger() }, {});
  const made: { control?: ApiControl; events?: ApiEvents } = {};
  const served = await serveConfiguration("flags: []", {
    authenticator: people.authenticator,
    identity: () => people.identity,
    control: () => made.control ?? noControl(),
    events: () => made.events ?? noEvents(),
  });
  const controlStore = new NoticedStore(served.store);
  controlStore.onCommit = (revision) => served.notice(revision);
  const looks = {
    subjects: new MemoryRecordedSubjects(),
    sharedSubjects: new MemorySharedSubjects(),
    usage: new MemoryDecisionUsage(),
  };
  const schemas = new ValueSchemas();
  const eventStore = new MemoryEventStore(served.store);
  const intake = createEventIntake({
    catalogue: new EventCatalogue({
      source: controlStore,
      revision: (environmentId) => served.snapshots.configuration(environmentId).revision,
      logger: served.logger,
    }),
    schemas,
    recorder: eventStore,
    queue: null,
    writeMode: "sync",
    times: { maxAheadSeconds: 300, maxAgeDays: 30 },
    metrics: createMetrics().events,
    clock: systemClock,
    logger: served.logger,
  });
  made.events = { intake, log: eventStore };
  made.control = createApiControl({
    ...looks,
    store: controlStore,
    notifications: controlStore.notifications,
    learnings: controlStore.learnings,
    box: createSecretBox(null),
    policy: new AddressPolicy(),
    plans: controlStore,
    metrics: controlStore.metrics,
    clock: systemClock,
    ids: new Uuid7Source(),
    schemas,
    settings: { ...SETTINGS, ...settings },
  });
  return {
    ...served,
    ...looks,
    controlStore,
    eventStore,
    key: (role) => people.key(["read", "manage"], { roles: [role] }),
    person: async (name, roles) => {
      const id = await people.add(name, roles);
      return logInForTest(served.url, { id, name });
    },
    async close(drainMillis) {
      await served.close(drainMillis);
      await people.identity.close();
    },
  };
}
