import {
  isJsonObject,
  parseInstant,
  type Configuration,
  type ConflictDomain,
  type DecisionRecord,
  type Experiment,
  type ExperimentStatus,
  type Flag,
  type Instant,
  type JsonObject,
  type JsonValue,
} from "@lotty/domain";
import { isDecisionReason } from "@lotty/domain";
import { hundredthsField } from "../functions/bucket-cases.ts";
import { objectsField, textField } from "../vector-files.ts";

/** The tables of a scenario, in the reference's form. */
const TABLES = ["flags", "experiments", "variants", "memberships", "decisions"] as const;

/** The state of a scenario: rows of the reference's tables, edited by the steps. */
export class World {
  readonly #tables: Map<string, JsonObject[]>;

  constructor(state: JsonObject) {
    this.#tables = new Map(TABLES.map((table) => [table, [...objectsField(state, table)]]));
  }

  /** Changes the fields of all rows that match. */
  set(table: string, where: JsonObject, values: JsonObject): void {
    this.#replace(table, (row) => (matches(row, where) ? { ...row, ...values } : row));
  }

  /** Takes away all rows that match. */
  remove(table: string, where: JsonObject): void {
    this.#tables.set(
      table,
      this.#rows(table).filter((row) => !matches(row, where)),
    );
  }

  /** Appends a row. */
  add(table: string, row: JsonObject): void {
    this.#rows(table).push(row);
  }

  /** The configuration that the rows stand for. */
  configuration(environmentId: string): Configuration {
    return {
      environmentId,
      revision: 0,
      flags: this.#rows("flags").map(flagOf),
      experiments: this.#rows("experiments").map((row) => experimentOf(row, this.#rows("variants"))),
      domains: this.#domains(),
      segments: [],
    };
  }

  /** The decisions of the past. */
  decisions(environmentId: string): readonly DecisionRecord[] {
    return this.#rows("decisions").map((row) => decisionRecordOf(row, environmentId));
  }

  #domains(): readonly ConflictDomain[] {
    const byId = Map.groupBy(this.#rows("memberships"), (row) => textField(row, "domain_id"));
    return [...byId].map(([id, rows]) => ({
      id,
      key: id,
      members: rows.map((row) => ({
        experimentId: textField(row, "experiment_id"),
        priority: Number(row["priority"]),
      })),
    }));
  }

  #rows(table: string): JsonObject[] {
    const rows = this.#tables.get(table);
    if (rows === undefined) throw new Error(`There is no table ${table}.`);
    return rows;
  }

  #replace(table: string, edit: (row: JsonObject) => JsonObject): void {
    this.#tables.set(table, this.#rows(table).map(edit));
  }
}

/** Stands for the variant of past assignments whose rows name none: here an assignment always has one. */
const UNNAMED_VARIANT = "00000000-0000-0000-0000-000000000000";

/** A row of past decisions as a record. */
export function decisionRecordOf(row: JsonObject, environmentId: string): DecisionRecord {
  const reason = textField(row, "reason");
  if (!isDecisionReason(reason)) throw new Error(`${reason} is not a reason.`);
  return {
    decisionId: textField(row, "decision_id"),
    environmentId,
    flagKey: textField(row, "flag_key"),
    subjectId: textField(row, "subject_id"),
    experimentId: textOrNull(row["experiment_id"]),
    variantId: textOrNull(row["variant_id"]) ?? (reason === "experiment_assigned" ? UNNAMED_VARIANT : null),
    value: textOrNull(row["value"]) ?? "",
    reason,
    ruleId: null,
    flagVersion: null,
    experimentVersion: null,
    attributesDigest: null,
    hashVersion: 1,
    decidedAt: instantField(row, "created_at"),
  };
}

/** An instant field of a row. */
export function instantField(row: JsonObject, name: string): Instant {
  const instant = parseInstant(textField(row, name));
  if (instant === undefined) throw new Error(`The field ${name} is not a point in time.`);
  return instant;
}

function flagOf(row: JsonObject): Flag {
  return {
    id: textField(row, "id"),
    key: textField(row, "key"),
    valueType: "json",
    defaultValue: row["default_value"] ?? null,
    enabled: true,
    rules: [],
    version: 1,
    updatedAt: instantField(row, "updated_at"),
  };
}

function experimentOf(row: JsonObject, variants: readonly JsonObject[]): Experiment {
  const id = textField(row, "id");
  return {
    id,
    key: id,
    flagId: textField(row, "flag_id"),
    status: textField(row, "status") as ExperimentStatus,
    version: Number(row["version"]),
    updatedAt: instantField(row, "updated_at"),
    targetingRules: textOrNull(row["targeting_rules"]),
    trafficAllocation: hundredthsField(row, "traffic_allocation"),
    variants: variants
      .filter((variant) => variant["experiment_id"] === id)
      .map((variant) => ({
        id: textField(variant, "id"),
        name: textField(variant, "name"),
        value: variant["value"] ?? null,
        weight: hundredthsField(variant, "weight"),
        isControl: false,
      })),
    hashVersion: 1,
    stickyAssignment: false,
  };
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function matches(row: JsonObject, where: JsonObject): boolean {
  return Object.entries(where).every(([name, value]) => row[name] === value);
}

/** An object field of a step. */
export function objectField(step: JsonObject, name: string): JsonObject {
  const value = step[name];
  return isJsonObject(value) ? value : {};
}
