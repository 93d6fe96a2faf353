/** Flags of `demo/lotty.yaml` that the benchmarks ask for. */
export const DEMO_FLAGS = {
  /** Its experiment has a rule and takes 80 % of those who fit. */
  targeted: "checkout-button-colour",
  /** Its experiment has no rule and takes everybody. */
  forEverybody: "search-results-per-page",
} as const;
