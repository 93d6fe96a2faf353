import type { ControlProblem } from "@lotty/contracts";

/** What a refusal says: the part of the API's problem that is not about HTTP. */
export type ControlRefusal = Pick<ControlProblem, "code" | "detail" | "refusals" | "allowed" | "errors">;

/** The control plane has refused what was asked. Nothing was changed. */
export class ControlRefused extends Error {
  override readonly name = "ControlRefused";
  readonly refusal: ControlRefusal;

  constructor(refusal: ControlRefusal) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}
