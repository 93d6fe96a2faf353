import type { ExperimentEdit, NewExperiment } from "@lotty/control-plane";
import type { ExperimentEditRequest, NewExperimentRequest } from "./experiment-requests.ts";

/** The edit that a request asks for. */
export function experimentEditOf(request: ExperimentEditRequest): ExperimentEdit {
  const { description, hypothesis, key, owner, rule, variants } = request;
  return {
    ...(key !== undefined && { key }),
    ...(request.flag_id !== undefined && { flagId: request.flag_id }),
    ...(rule !== undefined && { targetingRules: rule }),
    ...(request.traffic_allocation !== undefined && { trafficAllocation: request.traffic_allocation }),
    ...(variants !== undefined && {
      variants: variants.map(({ is_control: isControl, name, value, weight }) => ({ name, value, weight, isControl })),
    }),
    ...(request.sticky_assignment !== undefined && { stickyAssignment: request.sticky_assignment }),
    ...(hypothesis !== undefined && { hypothesis }),
    ...(owner !== undefined && { owner }),
    ...(request.planned_days !== undefined && { plannedDays: request.planned_days }),
    ...(description !== undefined && { description }),
  };
}

/** The draft that a request asks for. */
export function draftOf(request: NewExperimentRequest): NewExperiment {
  return { ...experimentEditOf(request), key: request.key, flagId: request.flag_id };
}
