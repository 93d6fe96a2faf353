import {
  createApproverGroupControl,
  createDefinitionsControl,
  createDomainControl,
  createEventTypeControl,
  createExperimentControl,
  createFlagControl,
  createMetricControl,
  createPlanControl,
  createSegmentControl,
  type DefinitionsPorts,
  ValueSchemas,
} from "@lotty/control-plane";
import { resultsOf, type ResultsSources, type Runtime } from "@lotty/runtime";
import { localActor } from "../people/local-actor.ts";
import { localResults } from "../results/local-results.ts";
import type { ControlSource } from "./control-source.ts";
import { localAudit } from "./local-audit.ts";
import type { LocalControl } from "./local-control.ts";
import { localDefinitions } from "./local-definitions.ts";
import { localEventTypes } from "./local-event-types.ts";
import { localExperiments } from "./local-experiments.ts";
import { localFlags } from "./local-flags.ts";
import { localMetrics } from "./local-metrics.ts";
import { localDomains, localGroups, localSegments } from "./local-surroundings.ts";

/**
 * Works in an environment in the database of a runtime.
 *
 * @param measures where results are worked out from
 */
export function localControlSource(
  runtime: Runtime,
  environmentId: string,
  measures: ResultsSources["measures"] = runtime.measures.onReplica,
): ControlSource {
  const { clock, config, ids, storage } = runtime;
  const ports: DefinitionsPorts = {
    ...storage.control,
    clock,
    ids,
    schemas: new ValueSchemas(),
    settings: config.control,
    people: () => storage.identity.listUsers(),
  };
  const command = { environmentId, actor: localActor() };
  const control: LocalControl = {
    command,
    store: ports.store,
    flags: createFlagControl(ports),
    experiments: createExperimentControl(ports),
    domains: createDomainControl(ports),
    segments: createSegmentControl(ports),
    eventTypes: createEventTypeControl(ports),
    metrics: createMetricControl(ports),
    catalogue: ports.metrics,
    certificates: storage.control.certificates,
    groups: createApproverGroupControl(ports),
    definitions: createDefinitionsControl(ports),
  };
  return {
    results: localResults({ command, plans: createPlanControl(ports), of: resultsOf({ clock, storage, measures }) }),
    location: storage.location,
    flags: localFlags(control),
    experiments: localExperiments(control),
    segments: localSegments(control),
    eventTypes: localEventTypes(control),
    metrics: localMetrics(control),
    domains: localDomains(control),
    groups: localGroups(control),
    audit: localAudit(control),
    definitions: localDefinitions(control),
  };
}
