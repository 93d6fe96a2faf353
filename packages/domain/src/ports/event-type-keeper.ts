import type { EventType } from "../event-type.ts";

/** Event types of an environment, and the revision of it that they are of. */
export interface KeptEventTypes {
  readonly revision: number;
  readonly types: readonly EventType[];
}

/** Keeps which event types there are where it survives the end of the process, as a `ConfigurationKeeper` keeps configurations. */
export interface EventTypeKeeper {
  /** Keeps these in place of the environment's that were kept before, in the background. Never fails. */
  keepEventTypes(environmentId: string, kept: KeptEventTypes): void;

  /** What was kept last; `undefined` when there is nothing that can be trusted. Never rejects. */
  recallEventTypes(environmentId: string): Promise<KeptEventTypes | undefined>;
}
