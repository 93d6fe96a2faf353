import type { ConfigResult, SettingFault } from "@lotty/config";
import type { Check } from "./check.ts";

/** Looks at the settings: faults, and variables that look mistyped or have no effect. */
export function settingsChecks(result: ConfigResult): readonly Check[] {
  const faults = result.ok ? [] : result.faults.map((fault) => settingCheck("fail", fault));
  const warnings = result.warnings.map((fault) => settingCheck("warn", fault));
  const checks = [...faults, ...warnings];
  return checks.length > 0 ? checks : [{ name: "settings", status: "ok", message: "all are valid" }];
}

function settingCheck(status: Check["status"], { setting, message, hint }: SettingFault): Check {
  return { name: "settings", status, message: `${setting} ${message}`, ...(hint !== undefined && { advice: hint }) };
}
