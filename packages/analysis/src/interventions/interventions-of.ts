import { type Experiment, formatHundredths, type Intervention, isActive, type WrittenExperiment } from "@lotty/domain";

type Done = Omit<Intervention, "at">;

/** What was done to an experiment since its first start, from how it was written, oldest first. */
export function interventionsOf(writings: readonly WrittenExperiment[]): readonly Intervention[] {
  const start = writings.findIndex(({ experiment }) => isActive(experiment.status));
  if (start === -1) return [];
  return writings.slice(start).flatMap(({ at, experiment }, index) => {
    const before = index === 0 ? undefined : writings[start + index - 1]?.experiment;
    const done =
      before === undefined ? [started(experiment)] : [...statusSteps(before, experiment), ...edits(before, experiment)];
    return done.map((each) => ({ at, ...each }));
  });
}

function started({ trafficAllocation }: Experiment): Done {
  return { kind: "started", said: `started with ${percent(trafficAllocation)} of the traffic` };
}

function statusSteps(before: Experiment, after: Experiment): readonly Done[] {
  if (after.status === "paused" && after.rolledBack === true) {
    return before.rolledBack === true ? [] : [{ kind: "rolled_back", said: "rolled back to control" }];
  }
  if (after.status === before.status) return [];
  if (after.status === "paused") return [{ kind: "paused", said: "paused" }];
  if (after.status === "running") return [{ kind: "resumed", said: "resumed" }];
  return after.status === "completed" ? [{ kind: "completed", said: "completed" }] : [];
}

function edits(before: Experiment, after: Experiment): readonly Done[] {
  const done: Done[] = [];
  if (before.trafficAllocation !== after.trafficAllocation) {
    const [from, to] = [percent(before.trafficAllocation), percent(after.trafficAllocation)];
    done.push({ kind: "traffic", said: `traffic from ${from} to ${to}` });
  }
  const [were, are] = [weightsOf(before), weightsOf(after)];
  const names = (variants: Experiment["variants"]): string =>
    JSON.stringify(variants.map(({ id, name }) => [id, name]));
  if (names(before.variants) !== names(after.variants)) {
    done.push({ kind: "variants", said: `variants from ${were} to ${are}` });
  } else {
    if (were !== are) done.push({ kind: "weights", said: `weights from ${were} to ${are}` });
    const changed = after.variants.filter(
      ({ value }, place) => JSON.stringify(value) !== JSON.stringify(before.variants[place]?.value),
    );
    if (changed.length > 0)
      done.push({ kind: "values", said: `another value for ${changed.map(({ name }) => name).join(", ")}` });
  }
  if (before.targetingRules !== after.targetingRules) done.push({ kind: "rule", said: "another targeting rule" });
  if (before.stickyAssignment !== after.stickyAssignment) {
    done.push({
      kind: "stickiness",
      said: after.stickyAssignment ? "subjects keep their variants" : "subjects may change variants",
    });
  }
  return done;
}

function weightsOf({ variants }: Experiment): string {
  return variants.map(({ name, weight }) => `${name}:${plain(weight)}`).join(" ");
}

function percent(allocation: number): string {
  return `${plain(allocation)} %`;
}

function plain(hundredths: number): string {
  return String(Number(formatHundredths(hundredths)));
}
