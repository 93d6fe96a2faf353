import type { ArmMoments, ExperimentMoments, MomentsAnswer, MomentsQuestion } from "@lotty/domain";

/** Moments as a test says, and what was asked. */
export class ScriptedMoments implements ExperimentMoments {
  arms: readonly ArmMoments[] = [];
  failure: Error | undefined;
  readonly asked: MomentsQuestion[] = [];

  async moments(question: MomentsQuestion): Promise<MomentsAnswer> {
    this.asked.push(question);
    if (this.failure !== undefined) throw this.failure;
    return { arms: this.arms, watermark: 1 };
  }

  // eslint-disable-next-line require-yield
  async *values(): AsyncGenerator<never> {
    throw new Error("Guardrails ask for moments only.");
  }
}

/** An arm in which so many of n subjects converted. */
export function shareArm(variantId: string, converted: number, n: number): ArmMoments {
  const mean = n === 0 ? 0 : converted / n;
  const m2 = n === 0 ? 0 : (converted * (n - converted)) / n;
  return { variantId, cohortDay: null, segment: null, n, columns: ["value"], mean: [mean], m2: [[m2]] };
}
