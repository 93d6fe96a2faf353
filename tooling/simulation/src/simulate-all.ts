import { type PlanFigures, type PlanScale, simulatePlans } from "./plans/simulate-plans.ts";
import { errorOf, percent } from "./share.ts";
import { type Figures, type Scale as LookScale, simulate } from "./simulate.ts";
import { simulateSplits, type SplitFigures, type SplitScale } from "./splits/simulate-splits.ts";

/** How much is simulated of each. */
export interface Scale {
  readonly looks: LookScale;
  readonly plans: PlanScale;
  readonly splits: SplitScale;
}

/** What all simulations came to. */
export interface AllFigures {
  readonly looks: Figures;
  readonly plans: PlanFigures;
  readonly splits: SplitFigures;
}

/** Something that the statistics promise, and whether it was so. */
export interface Check {
  readonly sentence: string;
  readonly fine: boolean;
}

/** Simulates looks at one metric, plans of several, and splits. */
export function simulateAll(
  { looks, plans, splits }: Scale,
  onProgress: (what: keyof Scale, done: number, of: number) => void,
): AllFigures {
  return {
    looks: simulate(looks, (done, of) => {
      onProgress("looks", done, of);
    }),
    plans: simulatePlans(plans, (done, of) => {
      onProgress("plans", done, of);
    }),
    splits: simulateSplits(splits),
  };
}

const ALPHA = 0.05;
const ALARM = 0.001;

/** Holds figures against what was promised, as far as chance lets them be told apart. */
export function checksOf({ looks, plans, splits }: AllFigures, scale: Scale): readonly Check[] {
  const [sequential] = looks.rules;
  const claims = sequential?.falseClaims.share ?? 1;
  const allowed = errorOf(ALPHA, scale.looks.without);
  const atMost = (what: string, share: number, bound: number): Check => ({
    sentence: `${what} in ${percent(share)}; at most ${percent(bound)} is what it should be, up to chance`,
    fine: share <= bound,
  });
  return [
    {
      sentence:
        `The default claims an effect where there is none in ${percent(claims)} of the experiments; ` +
        `${percent(ALPHA)} ± ${percent(allowed)} is what it should be`,
      fine: Math.abs(claims - ALPHA) <= allowed,
    },
    ...plans.corrections
      .filter(({ correction }) => correction !== "none")
      .map(({ anyFalse, correction, looking }) => {
        const bound = ALPHA + errorOf(ALPHA, scale.plans.without);
        return atMost(
          `Plans of eight comparisons (${looking}, ${correction}) claim anything false`,
          anyFalse.share,
          bound,
        );
      }),
    atMost(
      "The sequential check of the split alarms falsely",
      splits.right.sequential.share,
      ALARM + errorOf(ALARM, scale.splits.experiments),
    ),
  ];
}
