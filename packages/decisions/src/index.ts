export type { AnsweredDecision, DecideRequest, Decider } from "./decider.ts";
