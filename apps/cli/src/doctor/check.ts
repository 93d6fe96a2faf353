/** How a check ended: fine, worth a look, or something does not work. */
export type CheckStatus = "ok" | "warn" | "fail";

/** One line of `lotty doctor`. */
export interface Check {
  /** What was looked at, such as `database`. */
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found. Never a secret. */
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}
