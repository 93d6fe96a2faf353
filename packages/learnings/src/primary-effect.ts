import type { LearnedEffect, Learning } from "@lotty/domain";

/** The one effect by which an experiment counts: of its winner, or else of the first variant, on the first primary metric. */
export function primaryEffect({ effects, winner }: Learning): LearnedEffect | undefined {
  const primary = effects.filter(({ isPrimary }) => isPrimary);
  return primary.find(({ variant }) => variant === winner) ?? primary[0];
}
