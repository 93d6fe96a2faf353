import type { ControlSettings } from "@lotty/control-plane";
import { ValueSchemas } from "@lotty/value-schemas";
import type { Role } from "@lotty/domain";
import { AddressPolicy, createSecretBox } from "@lotty/notifications";
import { createEventIntake, EventCatalogue } from "@lotty/events";
import { createMetrics, systemClock, Uuid7Source } from "@lotty/runtime";
import { MemoryEventStore } from "@lotty/testkit/fakes/memory-event-store";
import { MemoryMeasures } from "@lotty/testkit/fakes/memory-measures";
import { MemoryDecisionUsage, MemoryRecordedSubjects, MemorySharedSubjects } from "@lotty/testkit/fakes/recorded-usage";
import { ScriptedMoments } from "@lotty/testkit/fakes/scripted-moments";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { type ApiControl, createApiControl, noControl } from "../routes/control/api-control.ts";
import { type ApiEvents, noEvents } from "../routes/events/event-routes.ts";
import { type ApiResults, noResults } from "../routes/results/results-parts.ts";
import { memoryResults } from "./memory-results.ts";
import { openPeople } from "./people-for-test.ts";
import { logInForTest, type PersonForTest } from "./person-for-test.ts";
import { serveConfiguration, type ServedConfiguration } from "./serve-configuration.ts";

/** The API with its control plane in memory, and people who use it. */
export interface ServedControl extends ServedConfiguration {
  readonly subjects: MemoryRecordedSubjects;
  readonly sharedSubjects: MemorySharedSubjects;
  readonly usage: MemoryDecisionUsage;
  /** What metrics have measured, as the test says. */
  readonly moments: ScriptedMoments;
  readonly eventStore: MemoryEventStore;
  /** Makes a key of a role that may decide, look and change, and gives its text. */
  key(role: Role, environment?: string): Promise<string>;
  /** Adds a person of this name, who logs in. */
  person(name: string, roles: readonly Role[]): Promise<PersonForTest>;
}

/** Strict reviews by one other person. */
const SETTINGS: ControlSettings = { allowSelfApproval: false, minimumApprovals: 1, previewDays: 7 };

/** Serves the API as it is, with real decisions on what people make through it; nothing is there at first. */
export async function serveControl(settings: Partial<ControlSettings> = {}): Promise<ServedControl> {
  const people = await openPeople({ clock: systemClock, logger: new RecordingLogger() }, {});
  const made: { control?: ApiControl; events?: ApiEvents; results?: ApiResults } = {};
  const served = await serveConfiguration("flags: []", {
    authenticator: people.authenticator,
    identity: () => people.identity,
    control: () => made.control ?? noControl(),
    events: () => made.events ?? noEvents(),
    results: () => made.results ?? noResults(),
  });
  const { controlStore } = served;
  made.results = memoryResults({ store: controlStore, measures: new MemoryMeasures(), clock: systemClock });
  const tell = controlStore.onNotice;
  controlStore.onNotice = (notice) => {
    // In a database, keys and environments are in one place.
    void controlStore.environments().then((all) => {
      for (const { id, key } of all) people.environments.set(key, id);
    });
    tell(notice);
  };
  const looks = {
    subjects: new MemoryRecordedSubjects(),
    sharedSubjects: new MemorySharedSubjects(),
    usage: new MemoryDecisionUsage(),
  };
  const schemas = new ValueSchemas();
  const moments = new ScriptedMoments();
  const eventStore = new MemoryEventStore(served.store);
  const intake = createEventIntake({
    catalogue: new EventCatalogue({
      source: controlStore,
      keeper: null,
      revision: (environmentId) => served.snapshots.configuration(environmentId).revision,
      logger: served.logger,
    }),
    schemas,
    recorder: eventStore,
    spooling: null,
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
    certificates: controlStore.certificates,
    guardrails: controlStore.guardrails,
    moments,
    jobLocks: { exclusively: async (_name, _maxSeconds, work) => ({ held: true, result: await work() }) },
    history: null,
    box: createSecretBox(null),
    policy: new AddressPolicy(),
    environments: controlStore,
    plans: controlStore,
    metrics: controlStore.metrics,
    clock: systemClock,
    ids: new Uuid7Source(),
    schemas,
    settings: { ...SETTINGS, ...settings },
    people: () => people.identity.people.list(),
  });
  return {
    ...served,
    ...looks,
    controlStore,
    moments,
    eventStore,
    key: (role, environment) =>
      people.key(["decide", "read", "manage"], { roles: [role], ...(environment !== undefined && { environment }) }),
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
