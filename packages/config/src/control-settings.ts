import type { Settings } from "./arrange-config.ts";
import { type Setting, wholeNumber, yesOrNo } from "./setting.ts";

type ControlSettingName = "ALLOW_SELF_APPROVAL" | "MINIMUM_APPROVALS" | "PREVIEW_DAYS";

/** The settings that say how experiments are reviewed. */
export const controlSettings: { readonly [Name in ControlSettingName]: Setting<Settings[Name]> } = {
  ALLOW_SELF_APPROVAL: yesOrNo({
    group: "Control plane",
    description: "Whether people may approve experiments that they wrote themselves: for installations with one user.",
    fallback: false,
  }),
  MINIMUM_APPROVALS: wholeNumber({
    group: "Control plane",
    description: "Approvals that an experiment needs whose authors are in no approver group.",
    min: 1,
    max: 100,
    fallback: 1,
  }),
  PREVIEW_DAYS: wholeNumber({
    group: "Control plane",
    description: "How many days of recorded subjects a preview of an edit looks at.",
    min: 1,
    max: 365,
    fallback: 7,
  }),
};
