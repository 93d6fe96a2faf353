import { userInfo } from "node:os";
import {
  createApproverGroupControl,
  createDomainControl,
  createEventTypeControl,
  createExperimentControl,
  createFlagControl,
  createPlanControl,
  createSegmentControl,
  type ControlPorts,
  ValueSchemas,
} from "@lotty/control-plane";
import { type Actor, DEFAULT_ENVIRONMENT_ID, ROLES } from "@lotty/domain";
import { resultsOf, type Runtime, type RuntimeResults } from "@lotty/runtime";
import { localResults } from "../results/local-results.ts";
import type { ControlSource } from "./control-source.ts";
import { localAudit } from "./local-audit.ts";
import type { LocalControl } from "./local-control.ts";
import { localEventTypes } from "./local-event-types.ts";
import { localExperiments } from "./local-experiments.ts";
import { localFlags } from "./local-flags.ts";
import { localDomains, localGroups, localSegments } from "./local-surroundings.ts";

/** What runs a command at the command line, as the record calls the place that a change came from. */
const FROM = "lotty";

/**
 * Whoever works at the command line on a database of their own: they may do anything, because whoever reaches the database can. They go
 * by the name of the operating system's user.
 */
export function localActor(): Actor {
  const name = osUser();
  return { id: `${FROM}:${name}`, name, roles: ROLES, kind: "system", from: FROM };
}

function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that no user has.
    return String(process.getuid?.() ?? "unknown");
  }
}

/** Works in the database of a runtime. */
export function localControlSource(runtime: Runtime): ControlSource {
  const { clock, config, ids, storage } = runtime;
  const ports: ControlPorts = {
    ...storage.control,
    clock,
    ids,
    schemas: new ValueSchemas(),
    settings: config.control,
  };
  const command = { environmentId: DEFAULT_ENVIRONMENT_ID, actor: localActor() };
  return controlSourceOn(ports, command, resultsOf(runtime));
}

/** Works with the control plane on its ports. */
export function controlSourceOn(
  ports: ControlPorts,
  command: LocalControl["command"],
  results: RuntimeResults,
): ControlSource {
  const control: LocalControl = {
    command,
    store: ports.store,
    flags: createFlagControl(ports),
    experiments: createExperimentControl(ports),
    domains: createDomainControl(ports),
    segments: createSegmentControl(ports),
    eventTypes: createEventTypeControl(ports),
    groups: createApproverGroupControl(ports),
  };
  return {
    results: localResults({ command, plans: createPlanControl(ports), of: results }),
    flags: localFlags(control),
    experiments: localExperiments(control),
    segments: localSegments(control),
    eventTypes: localEventTypes(control),
    domains: localDomains(control),
    groups: localGroups(control),
    audit: localAudit(control),
  };
}
