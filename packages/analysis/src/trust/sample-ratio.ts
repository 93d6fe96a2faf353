import type { TrustCheck } from "@lotty/domain";
import { sampleRatioSequence, testSampleRatio } from "@lotty/stats";
import type { TrustData } from "./trust-data.ts";
import { percent, probability } from "./wording.ts";

/** Below this the split is wrong: seen by chance once in a thousand experiments. Fabijan et al. (2019). */
const ALARM = 0.001;

/** Below this somebody should look. */
const DOUBT = 0.01;

/** Whether subjects were spread over the variants as the weights say; asked once. */
export function sampleRatio(data: TrustData): TrustCheck {
  const check = "sample_ratio";
  const { variants } = data;
  const counts = variants.map(({ id }) => countOf(data, id));
  const facts = Object.fromEntries(variants.map(({ name }, index) => [name, counts[index] ?? 0]));
  const test = testSampleRatio({ counts, weights: variants.map(({ share }) => share) });
  switch (test.status) {
    case "ok": {
      const light = test.p < ALARM ? "red" : test.p < DOUBT ? "amber" : "green";
      const split = counts.join(" : ");
      const meant = variants.map(({ share }) => percent(share)).join(" : ");
      const says =
        light === "green"
          ? `Subjects are split ${split}, as the weights ${meant} say`
          : `Subjects are split ${split} where the weights say ${meant}`;
      return { check, light, message: `${says} (${probability(test.p)}).`, facts: { ...facts, p: test.p } };
    }
    case "unexpected_variant":
      return { check, light: "red", message: "A variant without a weight has subjects.", facts };
    default:
      return { check, light: "unknown", message: "There are no subjects to look at yet.", facts };
  }
}

/** Subjects of a variant: by the funnel, or where that is not known by the days. */
function countOf({ daily, funnel, population }: TrustData, id: string): number {
  const own = funnel.find(({ variantId }) => variantId === id);
  if (own !== undefined) return population === "exposed" ? own.exposed : own.decided;
  return (daily ?? []).reduce((sum, day) => sum + (day.get(id) ?? 0), 0);
}

/** The same, looked at after every day: alarms at any time with the same small probability. Lindon & Malek (2020). */
export function sampleRatioByDay({ daily, variants }: TrustData): TrustCheck {
  const check = "sample_ratio_sequential";
  if (daily === null || daily.length === 0) {
    return { check, light: "unknown", message: "There are no days to look at yet.", facts: {} };
  }
  const looks = daily.map((day) => variants.map(({ id }) => day.get(id) ?? 0));
  const sequence = sampleRatioSequence({ looks, weights: variants.map(({ share }) => share) });
  const first = sequence.findIndex((look) => look.status !== "ok" || look.p < ALARM);
  const last = sequence.at(-1);
  const facts = { looks: looks.length, p: last?.status === "ok" ? last.p : null };
  if (first !== -1) {
    return { check, light: "red", message: `The split is wrong since day ${first + 1}.`, facts };
  }
  const p = last?.status === "ok" ? last.p : 1;
  const light = p < DOUBT ? "amber" : "green";
  return {
    check,
    light,
    message: `After ${looks.length} daily looks the split is as meant (${probability(p)}).`,
    facts,
  };
}
