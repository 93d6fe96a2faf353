import { watchEnvironment, type WatchPorts } from "@lotty/guardrails";
import { ValueSchemas } from "@lotty/value-schemas";
import { Counter } from "prom-client";
import type { Runtime } from "../composition/runtime.ts";
import type { Job } from "./job.ts";

/** Name of the job, and of the lock under which guardrails are evaluated. */
export const GUARDRAILS_JOB = "guardrails";

/** How often guardrails are evaluated, and ramp plans looked at. */
const EVERY_SECONDS = 60;

/** Longest round. */
export const MAX_ROUND_SECONDS = 120;

/** What the job needs of a runtime. */
export type GuardrailJobParts = Pick<
  Runtime,
  "clock" | "config" | "ids" | "logger" | "measures" | "metrics" | "storage"
>;

/** Watches all running experiments: evaluates their guardrails, acts, and takes the steps of their ramp plans. One process at a time. */
export function guardrailJob(runtime: GuardrailJobParts): Job {
  const { logger, metrics } = runtime;
  const firings = new Counter({
    name: "lotty_guardrail_firings_total",
    help: "Firings of guardrails by whether their action was carried out; failed ones are tried again.",
    labelNames: ["outcome"] as const,
    registers: [metrics.registry],
  });
  for (const outcome of ["acted", "failed"]) firings.inc({ outcome }, 0);
  const ports = watchPorts(runtime);
  return {
    name: GUARDRAILS_JOB,
    everySeconds: EVERY_SECONDS,
    exclusive: true,
    maxSeconds: MAX_ROUND_SECONDS,
    run: async (signal) => {
      const isEnding = (): boolean => signal.aborted;
      const environments = await runtime.storage.control.environments.environments();
      for (const { id } of environments.filter(({ archivedAt }) => archivedAt === null)) {
        const { acted, failed } = await watchEnvironment(ports, id, { logger, isEnding });
        firings.inc({ outcome: "acted" }, acted);
        firings.inc({ outcome: "failed" }, failed);
      }
      return "done";
    },
  };
}

/** What guardrails are evaluated with. */
function watchPorts({
  clock,
  config,
  ids,
  measures,
  storage,
}: Omit<GuardrailJobParts, "logger" | "metrics">): WatchPorts {
  const { moments } = measures;
  return { ...storage.control, clock, ids, moments, schemas: new ValueSchemas(), settings: config.control };
}
