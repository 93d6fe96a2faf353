import { formatHundredths, FULL_ALLOCATION, type Hundredths, type Variant, valueHasType } from "@lotty/domain";
import { canonicalJson } from "@lotty/engine";
import { isAtMostDeep } from "@lotty/value-schemas";
import { SCHEMA_LIMITS } from "@lotty/value-schemas";
import type { LaunchFinding, LaunchQuestion } from "./launch-gate.ts";
import { MAX_WEIGHT } from "./variant-limits.ts";

/** What speaks against the variants and the share of subjects that are spread over them. */
export function variantFindings(question: LaunchQuestion): readonly LaunchFinding[] {
  const { variants } = question.experiment;
  return [
    ...controlFindings(variants),
    ...weightFindings(question),
    ...duplicateFindings(variants),
    ...variants.flatMap((variant) => valueFindings(variant, question)),
    ...trafficFindings(question.experiment.trafficAllocation),
  ];
}

function controlFindings(variants: readonly Variant[]): readonly LaunchFinding[] {
  const findings: LaunchFinding[] = [];
  const controls = variants.filter(({ isControl }) => isControl);
  if (variants.length < 2) {
    findings.push(blocks("too_few_variants", "variants", "A comparison takes at least two variants."));
  }
  if (controls.length === 0) {
    findings.push(blocks("no_control", "variants", "No variant is the control that the others are compared with."));
  }
  if (controls.length > 1) {
    const names = controls.map(({ name }) => name).join(", ");
    findings.push(blocks("several_controls", "variants", `Only one variant can be the control, not all of ${names}.`));
  }
  return findings;
}

function weightFindings({ experiment: { variants }, stage }: LaunchQuestion): readonly LaunchFinding[] {
  const findings = variants
    .filter(({ weight }) => !isWhole(weight, MAX_WEIGHT))
    .map(({ name }) =>
      blocks("weight_out_of_range", weightOf(name), `A weight lies between 0 and ${formatHundredths(MAX_WEIGHT)}.`),
    );
  if (variants.length > 0 && variants.every(({ weight }) => weight === 0)) {
    return [...findings, blocks("no_weight", "variants", "All weights are 0, so nobody gets any variant.")];
  }
  // Taking the weight from a variant is how one arm of a running experiment is stopped.
  const severity = stage === "edit" ? "warns" : "blocks";
  for (const { name } of variants.filter(({ weight }) => weight === 0)) {
    const message = `Nobody gets ${name}, whose weight is 0.`;
    findings.push({ code: "variant_without_weight", severity, field: weightOf(name), message });
  }
  return findings;
}

function duplicateFindings(variants: readonly Variant[]): readonly LaunchFinding[] {
  const findings: LaunchFinding[] = [];
  const names = new Set<string>();
  const nameByValue = new Map<string, string>();
  for (const { name, value } of variants) {
    const field = `variants.${name}`;
    if (names.has(name)) findings.push(blocks("duplicate_variant_name", field, `Two variants are called ${name}.`));
    names.add(name);
    if (!isAtMostDeep(value, SCHEMA_LIMITS.depth)) continue;
    const text = canonicalJson(value);
    const twin = nameByValue.get(text);
    if (twin === undefined) nameByValue.set(text, name);
    else {
      const message = `${name} gives the same value as ${twin}.`;
      findings.push({ code: "duplicate_variant_value", severity: "warns", field: `${field}.value`, message });
    }
  }
  return findings;
}

function valueFindings({ name, value }: Variant, question: LaunchQuestion): readonly LaunchFinding[] {
  const { flag, flagDetails, schemas } = question;
  const field = `variants.${name}.value`;
  if (flag !== undefined && !valueHasType(value, flag.valueType)) {
    return [blocks("wrong_value_type", field, `The flag ${flag.key} takes values of type ${flag.valueType}.`)];
  }
  const fault = schemas.valueFault(flagDetails?.valueSchema ?? null, value);
  return fault === undefined ? [] : [blocks("value_against_schema", field, fault)];
}

function trafficFindings(allocation: Hundredths): readonly LaunchFinding[] {
  const field = "traffic_allocation";
  if (!isWhole(allocation, FULL_ALLOCATION)) {
    return [blocks("traffic_out_of_range", field, "The share of subjects lies between 0.00 % and 100.00 %.")];
  }
  return allocation > 0 ? [] : [blocks("no_traffic", field, "At 0.00 % nobody takes part.")];
}

function isWhole(hundredths: Hundredths, max: Hundredths): boolean {
  return Number.isInteger(hundredths) && hundredths >= 0 && hundredths <= max;
}

function weightOf(name: string): string {
  return `variants.${name}.weight`;
}

function blocks(code: LaunchFinding["code"], field: string, message: string): LaunchFinding {
  return { code, severity: "blocks", field, message };
}
