import type { EventType } from "../event-type.ts";

/** Tells which kinds of events there are. Changes are commits of the control plane. */
export interface EventTypeSource {
  /**
   * The event types of an environment, archived ones too, by key; without the built-in one.
   *
   * @throws LottyError `database_unavailable`
   */
  eventTypes(environmentId: string): Promise<readonly EventType[]>;
}
