import type { ApproverGroupResponse, ConflictDomainResponse, OverlapResponse, SegmentResponse } from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { renderTable } from "../terminal/render-table.ts";

/** What things are called, by their ids. */
export type Names = ReadonlyMap<string, string>;

/** Segments as a table. */
export function renderSegments(segments: readonly SegmentResponse[], paint: Paint): string {
  const rows = segments.map(({ key, rule, version }) => [key, String(version), rule]);
  return renderTable(["KEY", "VERSION", "RULE"], rows, paint);
}

/** Conflict domains as a table, with their members in the order of priority. */
export function renderDomains(domains: readonly ConflictDomainResponse[], names: Names, paint: Paint): string {
  const rows = domains.map(({ id, key, members }) => [
    key,
    members
      .toSorted((one, other) => other.priority - one.priority)
      .map((member) => `${names.get(member.experiment_id) ?? member.experiment_id}:${member.priority}`)
      .join(" ") || "-",
    id,
  ]);
  return renderTable(["KEY", "MEMBERS BY PRIORITY", "ID"], rows, paint);
}

/** Who shares subjects in a domain, and what it costs its members. */
export function renderOverlap({ costs, pairs }: OverlapResponse, names: Names, paint: Paint): string {
  const nameOf = (id: string): string => names.get(id) ?? id;
  const shared = pairs.map(({ experiment_ids: [one, other], shares, subjects }) => [
    nameOf(one),
    nameOf(other),
    String(subjects),
    `${percent(shares[0])} / ${percent(shares[1])}`,
  ]);
  const lost = costs.map((cost) => [
    nameOf(cost.experiment_id),
    String(cost.lost),
    percent(cost.share),
    cost.to.map((each) => `${nameOf(each.experiment_id)}:${each.subjects}`).join(" "),
  ]);
  return [
    shared.length === 0
      ? "No two members share subjects."
      : renderTable(["EXPERIMENT", "AND", "SHARED", "SHARES"], shared, paint),
    lost.length === 0
      ? "The domain has cost no member a subject."
      : renderTable(["EXPERIMENT", "LOST", "SHARE", "TO"], lost, paint),
  ].join("\n");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** Approver groups as a table. */
export function renderGroups(groups: readonly ApproverGroupResponse[], names: Names, paint: Paint): string {
  const named = (ids: readonly string[]): string => ids.map((id) => names.get(id) ?? id).join(",") || "-";
  const rows = groups.map(({ approvers, experimenters, minimum, name }) => [
    name,
    named(experimenters),
    named(approvers),
    String(minimum),
  ]);
  return renderTable(["NAME", "EXPERIMENTERS", "APPROVERS", "MINIMUM"], rows, paint);
}
