import { presentFlag } from "@lotty/contracts";
import type { DescribedFlag } from "@lotty/control-plane";
import type { Answer } from "../../http/answer.ts";
import { versionAnswer } from "../control/changing.ts";

/** A flag as an answer. */
export function flagAnswer({ details, flag }: DescribedFlag): Answer {
  return versionAnswer(presentFlag(flag, details));
}
