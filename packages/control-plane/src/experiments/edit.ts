import {
  FULL_ALLOCATION,
  formatHundredths,
  type Experiment,
  type ExperimentDetails,
  type ExperimentStatus,
  type Hundredths,
  type Variant,
} from "@lotty/domain";
import { keyFault } from "../key-fault.ts";
import type { Refusal } from "../refusal.ts";
import { isSameContent } from "./content.ts";
import { MAX_VARIANTS, MAX_WEIGHT } from "./variant-limits.ts";

/** New values of some fields. Variants are known by their names: one that keeps its name keeps its id. */
export interface ExperimentEdit {
  readonly key?: string;
  readonly flagId?: string;
  readonly targetingRules?: string | null;
  readonly trafficAllocation?: number;
  readonly variants?: readonly Omit<Variant, "id">[];
  readonly stickyAssignment?: boolean;
  readonly hypothesis?: string | null;
  readonly owner?: string | null;
  readonly plannedDays?: number | null;
  readonly description?: string | null;
}

const UNTIL_START: readonly ExperimentStatus[] = ["draft", "in_review", "approved"];
const UNTIL_END: readonly ExperimentStatus[] = [...UNTIL_START, "running", "paused"];
const UNTIL_ARCHIVED: readonly ExperimentStatus[] = [...UNTIL_END, "completed"];

/** In which statuses each field may be edited. What was promised before the start is not rewritten once there are results. */
export const EDITABLE: Readonly<Record<keyof ExperimentEdit, readonly ExperimentStatus[]>> = {
  key: UNTIL_END,
  flagId: ["draft"],
  targetingRules: UNTIL_END,
  trafficAllocation: UNTIL_END,
  variants: UNTIL_END,
  stickyAssignment: UNTIL_END,
  hypothesis: UNTIL_START,
  plannedDays: UNTIL_START,
  owner: UNTIL_ARCHIVED,
  description: UNTIL_ARCHIVED,
};

/**
 * What an edit touches: who gets what (`material`), what is promised to be shown (`plan`), or only how the experiment is
 * presented (`cosmetic`). The first two make approvals void.
 */
export type EditWeight = "material" | "plan" | "cosmetic" | "nothing";

/** An experiment with what is said about it. */
export interface DescribedExperiment {
  readonly experiment: Experiment;
  readonly details: ExperimentDetails;
}

/** The fields of an edit that may not be edited in a status, or are not what the field takes. */
export function editRefusals(edit: ExperimentEdit, status: ExperimentStatus): readonly Refusal[] {
  return [
    ...fieldsOf(edit)
      .filter((field) => !EDITABLE[field].includes(status))
      .map((field) =>
        invalid(field, `${field} can be changed while the experiment is ${EDITABLE[field].join(", ")}, not ${status}.`),
      ),
    ...valueRefusals(edit),
  ];
}

/** Applies an edit, without raising the version. Takes nothing from it but the fields of {@link ExperimentEdit}. */
export function withEdit(
  { experiment, details }: DescribedExperiment,
  edit: ExperimentEdit,
  newId: () => string,
): DescribedExperiment {
  const { variants } = edit;
  return {
    experiment: {
      ...experiment,
      key: edit.key ?? experiment.key,
      flagId: edit.flagId ?? experiment.flagId,
      targetingRules: edit.targetingRules === undefined ? experiment.targetingRules : edit.targetingRules,
      trafficAllocation: edit.trafficAllocation ?? experiment.trafficAllocation,
      variants: variants === undefined ? experiment.variants : namedVariants(variants, experiment.variants, newId),
      stickyAssignment: edit.stickyAssignment ?? experiment.stickyAssignment,
    },
    details: {
      ...details,
      hypothesis: edit.hypothesis === undefined ? details.hypothesis : edit.hypothesis,
      owner: edit.owner === undefined ? details.owner : edit.owner,
      plannedDays: edit.plannedDays === undefined ? details.plannedDays : edit.plannedDays,
      description: edit.description === undefined ? details.description : edit.description,
    },
  };
}

/** What the difference between two forms of an experiment touches. A rule that only reads differently is no difference in content. */
export function weighEdit(before: DescribedExperiment, after: DescribedExperiment): EditWeight {
  if (!isSameContent(before.experiment, after.experiment)) return "material";
  const [old, now] = [before.details, after.details];
  if (old.hypothesis !== now.hypothesis || old.plannedDays !== now.plannedDays) return "plan";
  const isSame =
    before.experiment.key === after.experiment.key &&
    before.experiment.targetingRules === after.experiment.targetingRules &&
    old.owner === now.owner &&
    old.description === now.description;
  return isSame ? "nothing" : "cosmetic";
}

function namedVariants(
  wanted: readonly Omit<Variant, "id">[],
  stored: readonly Variant[],
  newId: () => string,
): readonly Variant[] {
  const idByName = new Map(stored.map(({ id, name }) => [name, id]));
  return wanted.map(({ name, value, weight, isControl }) => ({
    id: idByName.get(name) ?? newId(),
    name,
    value,
    weight,
    isControl,
  }));
}

function fieldsOf(edit: ExperimentEdit): readonly (keyof ExperimentEdit)[] {
  return EDITABLE_FIELDS.filter((field) => edit[field] !== undefined);
}

const EDITABLE_FIELDS = [
  "key",
  "flagId",
  "targetingRules",
  "trafficAllocation",
  "variants",
  "stickyAssignment",
  "hypothesis",
  "owner",
  "plannedDays",
  "description",
] as const satisfies readonly (keyof ExperimentEdit)[];

function valueRefusals({ key, plannedDays, trafficAllocation, variants = [] }: ExperimentEdit): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const fault = key === undefined ? undefined : keyFault(key);
  if (fault !== undefined) refusals.push(invalid("key", fault));
  if (plannedDays !== undefined && plannedDays !== null && !(isWhole(plannedDays) && plannedDays > 0)) {
    refusals.push(invalid("plannedDays", "A planned duration is a whole number of days, from 1."));
  }
  if (trafficAllocation !== undefined && !(isWhole(trafficAllocation) && trafficAllocation <= FULL_ALLOCATION)) {
    refusals.push(invalid("trafficAllocation", "The share of subjects lies between 0.00 % and 100.00 %."));
  }
  if (variants.length > MAX_VARIANTS) {
    refusals.push(invalid("variants", `An experiment has at most ${MAX_VARIANTS} variants.`));
  }
  const names = new Set<string>();
  for (const { name, weight } of variants) {
    const nameFault = names.has(name) ? `Two variants are called ${name}.` : keyFault(name);
    if (nameFault !== undefined) refusals.push(invalid("variants", nameFault));
    names.add(name);
    if (!isWhole(weight) || weight > MAX_WEIGHT) {
      refusals.push(invalid("variants", `The weight of ${name} lies between 0 and ${formatHundredths(MAX_WEIGHT)}.`));
    }
  }
  return refusals;
}

function isWhole(hundredths: Hundredths): boolean {
  return Number.isSafeInteger(hundredths) && hundredths >= 0;
}

function invalid(field: string, message: string): Refusal {
  return { code: "invalid_field", field, message };
}
