import type { FlagDifferenceResponse, FlagResponse, FlagVersionResponse, StaleFlagResponse } from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { renderFields } from "../terminal/render-fields.ts";
import { renderTable } from "../terminal/render-table.ts";
import { visibleText } from "../terminal/visible-text.ts";

/** Flags as a table. */
export function renderFlags(flags: readonly FlagResponse[], paint: Paint): string {
  const rows = flags.map((flag) => [
    flag.key,
    flag.type,
    JSON.stringify(flag.default),
    stateOf(flag),
    String(flag.rules.length),
    flag.owner ?? "-",
    flag.tags.join(",") || "-",
    String(flag.version),
  ]);
  return renderTable(["KEY", "TYPE", "DEFAULT", "STATE", "RULES", "OWNER", "TAGS", "VERSION"], rows, paint);
}

/** A flag with everything that is known of it. */
export function renderFlag(flag: FlagResponse, paint: Paint): string {
  const head = `${paint("strong", visibleText(flag.key))}, version ${flag.version}, ${stateOf(flag)}`;
  const fields = renderFields(
    [
      ["type", flag.type],
      ["default", JSON.stringify(flag.default)],
      ["description", flag.description],
      ["owner", flag.owner],
      ["tags", flag.tags.length > 0 ? flag.tags.join(", ") : null],
      ["schema", flag.schema === null ? null : JSON.stringify(flag.schema)],
      ["rules", flag.rules.length > 0 ? flag.rules.map(ruleText).join("\n") : null],
      ["changed", flag.updated_at],
      ["id", flag.id],
    ],
    paint,
  );
  return `${head}\n${fields}`;
}

/** Versions of a flag as a table, newest first. */
export function renderVersions(versions: readonly FlagVersionResponse[], paint: Paint): string {
  const rows = versions.map((version) => [
    String(version.version),
    version.updated_at,
    JSON.stringify(version.default),
    version.enabled ? "on" : "off",
    String(version.rules.length),
  ]);
  return renderTable(["VERSION", "SINCE", "DEFAULT", "STATE", "RULES"], rows, paint);
}

/** What differs between two versions of a flag. */
export function renderFlagDiff(differences: readonly FlagDifferenceResponse[]): string {
  if (differences.length === 0) return "They decide the same.";
  return differences
    .map(({ after, before, field }) => visibleText(`${field}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`))
    .join("\n");
}

/** Flags that nobody seems to need. */
export function renderStaleFlags(flags: readonly StaleFlagResponse[], paint: Paint): string {
  const rows = flags.map((flag) => [flag.key, flag.reason.replaceAll("_", " "), flag.last_decided_at ?? "never"]);
  return renderTable(["KEY", "WHY", "LAST DECIDED"], rows, paint);
}

function stateOf({ archived_at: archivedAt, enabled }: FlagResponse): string {
  if (archivedAt !== null) return "archived";
  return enabled ? "on" : "off";
}

function ruleText({ rollout, rule, value }: FlagVersionResponse["rules"][number]): string {
  const share = rollout === "100.00" ? "" : ` for ${rollout} %`;
  return `${rule === null ? "everyone" : `if ${rule}`}: ${JSON.stringify(value)}${share}`;
}
