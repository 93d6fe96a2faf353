import type { SettingFault } from "./environment.ts";

/** Faults or warnings as text for people: one paragraph each, name first. */
export function describeFaults(faults: readonly SettingFault[]): string {
  return faults
    .map(({ setting, message, hint }) => {
      const line = `  ${setting}: ${message}.`;
      return hint === undefined ? line : `${line}\n    ${capitalised(hint)}${/[?.]$/.test(hint) ? "" : "."}`;
    })
    .join("\n");
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
