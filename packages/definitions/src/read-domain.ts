import type { DomainDefinition, DomainMemberDefinition } from "./definitions.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { Located, NodeReader } from "./node-reader.ts";
import { readReference } from "./read-reference.ts";

/** What could be read of a conflict domain. */
export interface DomainReading {
  readonly key: string;
  readonly place: Located;
  readonly definition: DomainDefinition | undefined;
}

/** Reads one element of `domains`. `experiments` are the keys that members may refer to. */
export function readDomain(
  reader: NodeReader,
  value: Located,
  experiments: ReadonlySet<string>,
): DomainReading | undefined {
  const fields = reader.fields(value, ["key", "members"]);
  if (fields === undefined) return undefined;
  const place = reader.required(fields, "key");
  const membersField = reader.required(fields, "members");
  const key = place && reader.name(place);
  const items = membersField && reader.items(membersField);
  const members = items?.map((item) => readMember(reader, item, experiments));
  if (place === undefined || key === undefined) return undefined;
  if (!members?.every((member) => member !== undefined)) return { key, place, definition: undefined };
  const seen = new Set<string>();
  for (const [index, { experiment }] of members.entries()) {
    const item = items?.[index];
    if (seen.has(experiment) && item) reader.reject(item, `\`${experiment}\` is in this domain already`);
    seen.add(experiment);
  }
  return { key, place, definition: { key, members } };
}

function readMember(
  reader: NodeReader,
  value: Located,
  experiments: ReadonlySet<string>,
): DomainMemberDefinition | undefined {
  const fields = reader.fields(value, ["experiment", "priority"]);
  if (fields === undefined) return undefined;
  const experimentField = reader.required(fields, "experiment");
  const priorityField = reader.required(fields, "priority");
  const target = { known: experiments, noun: "experiment", section: "experiments" };
  const experiment = experimentField && readReference(reader, experimentField, target);
  const limit = DEFINITION_LIMITS.maxPriority;
  const priority = priorityField && reader.integer(priorityField, -limit, limit);
  return experiment === undefined || priority === undefined ? undefined : { experiment, priority };
}
