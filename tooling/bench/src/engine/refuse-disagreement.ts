import { create as createEngine } from "../contenders/engine-contender.ts";
import { create as createFloor } from "../contenders/floor-contender.ts";
import { subjects } from "./workload.ts";

/**
 * A benchmark of two things that do not give the same answers compares nothing.
 *
 * @throws Error naming a subject that engine and floor treat differently
 */
export function refuseDisagreement(traffic: number): void {
  const [engine, floor] = [createEngine(traffic), createFloor(traffic)];
  const subject = subjects.find(
    (each) => engine.decide(engine.contextOf(each)) !== floor.decide(floor.contextOf(each)),
  );
  if (subject !== undefined) throw new Error(`Engine and floor disagree about ${subject.id}.`);
}
