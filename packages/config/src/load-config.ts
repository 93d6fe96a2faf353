import type { Config } from "./config.ts";
import type { Environment, SettingFault } from "./environment.ts";
import { findConflicts } from "./conflicts.ts";
import { factsOf, readSettings, SETTING_NAMES, type SettingName } from "./settings.ts";
import { findWarnings } from "./warnings.ts";

/** A configuration with whatever is doubtful about the environment, or all the faults that stand in its way. */
export type ConfigResult =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly SettingFault[] }
  | { readonly ok: false; readonly faults: readonly SettingFault[]; readonly warnings: readonly SettingFault[] };

/**
 * Reads all settings from an environment. Every fault is found in one go, rules between settings included; nothing
 * falls back silently. Variables that look like settings but are none, and settings that have no effect beside the
 * others, are warnings.
 */
export function loadConfig(env: Environment): ConfigResult {
  const warnings = findWarnings(env);
  const parsed = readSettings(env);
  const faults = parsed.success ? [] : parsed.error.issues.map(toFault);
  // Rules between settings look at the environment itself, so that they speak up beside faults of other settings.
  const named = new Set(faults.map((fault) => fault.setting));
  faults.push(...findConflicts(env).filter((conflict) => !named.has(conflict.setting)));
  if (parsed.success && faults.length === 0) return { ok: true, config: parsed.data, warnings };
  return { ok: false, faults: faults.toSorted(bySetting), warnings };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly params?: Record<string, unknown> | undefined;
}

function toFault(issue: Issue): SettingFault {
  const setting = SETTING_NAMES.find((name) => name === issue.path[0]);
  if (setting === undefined) return { setting: issue.path.map(String).join("."), message: issue.message };
  return { setting, message: issue.message, hint: hintFor(setting, issue.params?.["suggestion"]) };
}

function hintFor(setting: SettingName, suggestion: unknown): string {
  const { values, fallback } = factsOf(setting);
  const meant = typeof suggestion === "string" ? `did you mean ${suggestion}? ` : "";
  const otherwise = fallback === null ? "leave it out" : `leave it out for ${fallback}`;
  return `${meant}use ${values.replaceAll("`", "")}, or ${otherwise}`;
}

function bySetting(left: SettingFault, right: SettingFault): number {
  return position(left) - position(right);
}

function position(fault: SettingFault): number {
  return SETTING_NAMES.findIndex((name) => name === fault.setting);
}
