import { MICROS_PER_DAY, type Instant } from "@lotty/domain";
import { countMatching } from "../experiments/matching-subjects.ts";
import type { ControlPorts } from "./command.ts";

/**
 * Subjects a day that an experiment would get, by the subjects that its flag was decided for since an instant; `undefined` when there is no such
 * experiment. Only subjects whose attributes are on record can be counted: without any it is 0.
 *
 * @throws LottyError `database_unavailable`, `timeout`
 */
export async function expectedTraffic(
  { store, subjects }: Pick<ControlPorts, "store" | "subjects">,
  question: {
    readonly environmentId: string;
    readonly experimentId: string;
    readonly from: Instant;
    readonly to: Instant;
  },
): Promise<number | undefined> {
  const { environmentId, experimentId, from, to } = question;
  const configuration = await store.load(environmentId);
  const experiment = configuration.experiments.find(({ id }) => id === experimentId);
  const flag = configuration.flags.find(({ id }) => id === experiment?.flagId);
  if (experiment === undefined || flag === undefined) return undefined;
  const recorded = subjects.of({ environmentId, flagKey: flag.key, since: from });
  const count = await countMatching({ configuration, experiment, flagKey: flag.key, subjects: recorded, now: to });
  return count / Math.max(1, (to - from) / MICROS_PER_DAY);
}
