import { EXPOSURE_EVENT_TYPE, MAX_EVENT_TYPES, type EventType, type JsonValue } from "@lotty/domain";
import { keyFault } from "../key-fault.ts";
import { nextVersion } from "../next-version.ts";
import type { Refusal } from "../refusal.ts";
import { refused, type Command, type CommandResult, type ControlPorts, type Plan } from "./command.ts";
import { versionMismatch } from "./experiment-command.ts";
import { runCommand } from "./run-command.ts";

/** What of an event type can be said. What is absent stays as it is, or empty. */
export interface EventTypeEdit {
  readonly description?: string | null;
  readonly schema?: JsonValue;
  readonly requiresExposure?: boolean;
  /** Whether its events are no longer taken. */
  readonly archived?: boolean;
}

/** A change of an event type. */
export interface EventTypeCommand extends Command {
  readonly key: string;
  /** The version that the actor has seen; another one in the store refuses the command. */
  readonly expectedVersion: number;
  readonly edit: EventTypeEdit;
}

/**
 * Everything that can be done with event types; as `ExperimentControl` is for experiments. A type keeps its key and is never
 * removed, because events name it: it is archived.
 */
export interface EventTypeControl {
  create(
    command: Command & { readonly key: string; readonly fields: Omit<EventTypeEdit, "archived"> },
  ): Promise<CommandResult<EventType>>;
  edit(command: EventTypeCommand): Promise<CommandResult<EventType>>;
}

/** Makes the control of event types. */
export function createEventTypeControl(ports: ControlPorts): EventTypeControl {
  const { schemas, store } = ports;
  return {
    create: (command) =>
      runCommand(ports, { ...command, permission: "event_type.edit" }, async ({ now }) => {
        const { environmentId, fields, key } = command;
        const blank: EventType = { ...BLANK, environmentId, key, version: 1, updatedAt: now };
        const type = withEdit(blank, fields, now);
        const refusals = [...keyRefusals(key), ...schemaRefusals(type)];
        const types = await store.eventTypes(environmentId);
        if (key === EXPOSURE_EVENT_TYPE || types.some((each) => each.key === key)) {
          refusals.push({ code: "key_taken", message: `There is an event type ${key} already.`, key });
        }
        if (types.length >= MAX_EVENT_TYPES) refusals.push(TOO_MANY);
        return refusals.length > 0 ? refused(...refusals) : planType("event_type.create", null, type);
      }),
    edit: (command) =>
      runCommand(ports, { ...command, permission: "event_type.edit" }, async ({ now }) => {
        const { edit, environmentId, expectedVersion, key } = command;
        const before = (await store.eventTypes(environmentId)).find((type) => type.key === key);
        if (before === undefined) return refused(notFound(key));
        const mismatch = versionMismatch(before.version, expectedVersion);
        if (mismatch !== undefined) return refused(mismatch);
        const edited = withEdit(before, edit, now);
        if (JSON.stringify(edited) === JSON.stringify(before)) {
          return refused({ code: "nothing_changed", message: "Everything is so already." });
        }
        const refusals = schemaRefusals(edited);
        return refusals.length > 0
          ? refused(...refusals)
          : planType(actionOf(before, edited), before, nextVersion(edited, now));
      }),
  };

  function schemaRefusals({ schema }: EventType): Refusal[] {
    const fault = schemas.schemaFault(schema);
    return fault === undefined ? [] : [{ code: "invalid_field", field: "schema", message: fault }];
  }
}

const TOO_MANY: Refusal = {
  code: "too_many_event_types",
  message: `An environment has at most ${MAX_EVENT_TYPES} event types, archived ones included. Tell kinds of events apart by their properties.`,
};

const BLANK = { description: null, schema: null, requiresExposure: false, archivedAt: null } as const;

function withEdit(type: EventType, edit: EventTypeEdit, now: number): EventType {
  const { archived, ...fields } = edit;
  const archivedAt = archived === undefined ? type.archivedAt : archived ? (type.archivedAt ?? now) : null;
  return { ...type, ...fields, archivedAt };
}

function keyRefusals(key: string): Refusal[] {
  const fault = keyFault(key);
  return fault === undefined ? [] : [{ code: "invalid_field", field: "key", message: fault }];
}

function actionOf(before: EventType, after: EventType): string {
  if ((before.archivedAt === null) === (after.archivedAt === null)) return "event_type.edit";
  return after.archivedAt === null ? "event_type.restore" : "event_type.archive";
}

function planType(action: string, before: EventType | null, after: EventType): Plan<EventType> {
  const entity = { kind: "event_type", id: after.key, key: after.key } as const;
  return {
    status: "planned",
    change: { putEventTypes: [after] },
    audit: [{ action, entity, before, after }],
    result: after,
  };
}

function notFound(key: string): Refusal {
  return { code: "not_found", message: `There is no event type ${key}.`, kind: "event_type", id: key };
}
