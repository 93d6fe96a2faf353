import {
  EXPERIMENT_STATUSES,
  FLAG_VALUE_TYPES,
  type ConflictDomain,
  type DomainMember,
  type Experiment,
  type Flag,
  type FlagRule,
  type Segment,
  type Variant,
} from "@lotty/domain";

/** Whether a value is an object with names. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a flag as this version knows them. */
export function isFlag(value: unknown): value is Flag {
  return (
    isRecord(value) &&
    isText(value, "id", "key") &&
    isNumber(value, "version", "updatedAt") &&
    FLAG_VALUE_TYPES.some((type) => type === value["valueType"]) &&
    "defaultValue" in value &&
    typeof value["enabled"] === "boolean" &&
    isListOf(value["rules"], isFlagRule)
  );
}

/** Whether a value is a segment as this version knows them. */
export function isSegment(value: unknown): value is Segment {
  return isRecord(value) && isText(value, "id", "key", "rule") && isNumber(value, "version", "updatedAt");
}

function isFlagRule(value: unknown): value is FlagRule {
  return (
    isRecord(value) &&
    isText(value, "id") &&
    isNumber(value, "rollout") &&
    (value["targetingRules"] === null || isText(value, "targetingRules")) &&
    "value" in value
  );
}

/** Whether a value is an experiment as this version knows them. */
export function isExperiment(value: unknown): value is Experiment {
  return (
    isRecord(value) &&
    isText(value, "id", "key", "flagId") &&
    isNumber(value, "version", "updatedAt", "trafficAllocation") &&
    EXPERIMENT_STATUSES.some((status) => status === value["status"]) &&
    (value["targetingRules"] === null || isText(value, "targetingRules")) &&
    isListOf(value["variants"], isVariant) &&
    value["hashVersion"] === 1 &&
    typeof value["stickyAssignment"] === "boolean" &&
    (value["rolledBack"] === undefined || value["rolledBack"] === true)
  );
}

/** Whether a value is a conflict domain as this version knows them. */
export function isDomain(value: unknown): value is ConflictDomain {
  return isRecord(value) && isText(value, "id", "key") && isListOf(value["members"], isMember);
}

function isVariant(value: unknown): value is Variant {
  return (
    isRecord(value) &&
    isText(value, "id", "name") &&
    isNumber(value, "weight") &&
    typeof value["isControl"] === "boolean" &&
    "value" in value
  );
}

function isMember(value: unknown): value is DomainMember {
  return isRecord(value) && isText(value, "experimentId") && isNumber(value, "priority");
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: Readonly<Record<string, unknown>>, ...names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === "string");
}

function isNumber(value: Readonly<Record<string, unknown>>, ...names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === "number");
}
