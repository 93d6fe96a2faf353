import { FULL_ALLOCATION, rampFaults, type RampStep } from "@lotty/domain";
import type { Located, NodeReader } from "../node-reader.ts";
import type { RampDefinition } from "./measured-definitions.ts";

/** Reads the ramp plan of an experiment. */
export function readRamp(reader: NodeReader, value: Located): RampDefinition | undefined {
  const fields = reader.fields(value, ["steps", "held"]);
  if (fields === undefined) return undefined;
  const stepsField = reader.required(fields, "steps");
  const steps = stepsField && reader.items(stepsField)?.map((item) => readStep(reader, item));
  const held = fields.held === undefined ? false : reader.boolean(fields.held);
  if (stepsField === undefined || held === undefined) return undefined;
  if (!steps?.every((step) => step !== undefined)) return undefined;
  const faults = rampFaults(steps);
  for (const message of faults) reader.reject(stepsField, message);
  return faults.length === 0 ? { steps, held } : undefined;
}

function readStep(reader: NodeReader, value: Located): RampStep | undefined {
  const fields = reader.fields(value, ["traffic", "hold_hours"]);
  if (fields === undefined) return undefined;
  const trafficField = reader.required(fields, "traffic");
  const allocation = trafficField && reader.hundredths(trafficField, FULL_ALLOCATION);
  const holdHours = fields.hold_hours === undefined ? 0 : reader.number(fields.hold_hours);
  return allocation === undefined || holdHours === undefined ? undefined : { allocation, holdHours };
}
