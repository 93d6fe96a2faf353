import { type ApproverGroup, compareCodePoints, LottyError } from "@lotty/domain";
import { groupFields } from "./comparable-fields.ts";
import type { ApproverGroupDefinition } from "./definitions.ts";
import { type KindPlan, planKind } from "./plan-kind.ts";
import { isUuid } from "./uuid.ts";

/** What approver groups are planned from. */
export interface GroupsToPlan {
  readonly wanted: readonly ApproverGroupDefinition[];
  readonly stored: readonly ApproverGroup[];
  /** Names of people by their ids. */
  readonly people: ReadonlyMap<string, string>;
  readonly prune: boolean;
  readonly newId: (name: string) => string;
}

/** What is to be done with approver groups. */
export type GroupsPlan = Pick<KindPlan<ApproverGroupDefinition, ApproverGroup>, "put" | "rest" | "summary">;

/**
 * Compares the approver groups of a file with those that are stored.
 *
 * @throws LottyError `invalid_definition` when nobody is called what the file says
 */
export function planGroups({ newId, people, prune, stored, wanted }: GroupsToPlan): GroupsPlan {
  const ids = new Map(Array.from(people, ([id, name]) => [name, id]));
  const plan = planKind({
    kind: "approver_group",
    wanted: wanted.map(keyed),
    stored: stored.map(keyed),
    prune,
    fields: groupFields,
    describe: (group) => keyed(describeGroup(group, people)),
    build: (group, before) => {
      const idOf = (name: string): string => idOfPerson(name, ids, group.name);
      const { minimum, name } = group;
      const id = before?.id ?? newId(name);
      return keyed({
        id,
        name,
        experimenters: group.experimenters.map(idOf),
        approvers: group.approvers.map(idOf),
        minimum,
      });
    },
  });
  return { put: plan.put.map(unkeyed), rest: plan.rest.map(unkeyed), summary: plan.summary };
}

/** A stored approver group as a file would state it: people by name, those whom nobody knows any more by id. */
export function describeGroup(
  { approvers, experimenters, minimum, name }: ApproverGroup,
  people: ReadonlyMap<string, string>,
): ApproverGroupDefinition {
  const named = (ids: readonly string[]): readonly string[] =>
    ids.map((id) => people.get(id) ?? id).toSorted(compareCodePoints);
  return { name, experimenters: named(experimenters), approvers: named(approvers), minimum };
}

function idOfPerson(name: string, ids: ReadonlyMap<string, string>, group: string): string {
  const id = ids.get(name) ?? ids.get(name.toLowerCase());
  if (id !== undefined) return id;
  if (isUuid(name)) return name;
  throw new LottyError(
    "invalid_definition",
    `nobody is called \`${name}\`, who is in the approver group \`${group}\``,
    {
      details: { group, person: name, advice: "Add the people first: `lotty user add`. Files do not have them." },
    },
  );
}

function keyed<T extends { readonly name: string }>(group: T): T & { readonly key: string } {
  return { ...group, key: group.name };
}

function unkeyed({ approvers, experimenters, id, minimum, name }: ApproverGroup): ApproverGroup {
  return { id, name, experimenters, approvers, minimum };
}
