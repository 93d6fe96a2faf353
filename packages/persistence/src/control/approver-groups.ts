import type { ApproverGroup } from "@lotty/domain";
import type { Knex } from "knex";
import type { WriteScope } from "../configuration/write-scope.ts";
import { textArray } from "../sql/array-literal.ts";
import { checkEncodable } from "./written-values.ts";

type Part = "experimenter" | "approver";

/** A row of `approver_groups`, once for each member; without members once. */
interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly minimum: number;
  readonly part: Part | null;
  readonly member_id: string;
}

const MEMBERS = "approver_group_members";

/** One statement, so that groups and members are of one moment. */
const READ = `
SELECT g.id, to_json(g.name) AS name, g.minimum, m.part, to_json(m.member_id) AS member_id
FROM approver_groups AS g LEFT JOIN ${MEMBERS} AS m ON m.environment_id = g.environment_id AND m.group_id = g.id
WHERE g.environment_id = :environment
ORDER BY g.name, m.part, m.position`;

/** All approver groups of an environment, in the order of their names. */
export async function readApproverGroups(knex: Knex, environmentId: string): Promise<readonly ApproverGroup[]> {
  const { rows } = await knex.raw<{ rows: readonly GroupRow[] }>(READ, { environment: environmentId });
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((own) => {
    const those = (part: Part): readonly string[] => own.filter((row) => row.part === part).map((row) => row.member_id);
    return own.slice(0, 1).map(({ id, minimum, name }) => ({
      id,
      name,
      experimenters: those("experimenter"),
      approvers: those("approver"),
      minimum,
    }));
  });
}

/** Inserts or replaces approver groups with all their members. */
export async function putApproverGroups(
  { environmentId, knex }: WriteScope,
  groups: readonly ApproverGroup[],
): Promise<void> {
  if (groups.length === 0) return;
  checkEncodable(
    "approver_groups",
    groups.flatMap(({ approvers, experimenters, name }) => [name, ...experimenters, ...approvers]),
  );
  const rows = groups.map(({ id, minimum, name }) => ({ environment_id: environmentId, id, name, minimum }));
  await knex("approver_groups").insert(rows).onConflict(["environment_id", "id"]).merge(["name", "minimum"]);
  await removeOf(
    knex,
    { table: MEMBERS, column: "group_id", environmentId },
    rows.map(({ id }) => id),
  );
  const members = groups.flatMap((group) => [
    ...membersOf(group.id, "experimenter", group.experimenters),
    ...membersOf(group.id, "approver", group.approvers),
  ]);
  if (members.length === 0) return;
  await knex(MEMBERS).insert(members.map((member) => ({ environment_id: environmentId, ...member })));
}

/** Removes approver groups with their members. */
export async function removeApproverGroups({ environmentId, knex }: WriteScope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await removeOf(knex, { table: "approver_groups", column: "id", environmentId }, ids);
}

async function removeOf(
  knex: Knex,
  from: { readonly table: string; readonly column: string; readonly environmentId: string },
  ids: readonly string[],
): Promise<void> {
  await knex(from.table)
    .where({ environment_id: from.environmentId })
    .whereRaw("?? = ANY (?::uuid[])", [from.column, textArray(ids)])
    .del();
}

function membersOf(groupId: string, part: Part, ids: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
  return ids.map((id, position) => ({ group_id: groupId, part, position, member_id: id }));
}
