import { GUARDRAIL_ACTIONS, MARGIN_KINDS, POPULATIONS } from "@lotty/domain";
import { type Command, Option } from "commander";
import { numberOption } from "./number-option.ts";
import { onlySaid } from "./only-said.ts";
import { wholeOption } from "./whole-option.ts";

/** Fields of a guardrail as given on the command line. */
export interface GuardrailFieldOptions {
  readonly margin?: number;
  readonly marginKind?: string;
  readonly alpha?: number;
  readonly minimum?: number;
  readonly tunedFor?: number;
  readonly population?: string;
  readonly action?: string;
}

/** Adds the options for the fields of a guardrail. */
export function addGuardrailFields(command: Command): Command {
  return addGuardrailRules(command).addOption(
    new Option("--action <action>", "what it does when it fires").choices(GUARDRAIL_ACTIONS),
  );
}

/** Adds the options for when a guardrail fires. */
export function addGuardrailRules(command: Command): Command {
  return command
    .option("--margin <number>", "how much worse the metric may become, such as 0.05", numberOption)
    .addOption(new Option("--margin-kind <kind>", "a share of control's mean, or a number").choices(MARGIN_KINDS))
    .option("--alpha <number>", "how often it may fire wrongly", numberOption)
    .option("--minimum <number>", "subjects of each arm below which it waits", wholeOption)
    .option("--tuned-for <number>", "subjects of both arms at which it is most sensitive", wholeOption)
    .addOption(new Option("--population <who>", "which subjects count").choices(POPULATIONS));
}

/** The body that adds or changes a guardrail: only what was said. */
export function guardrailBody(options: GuardrailFieldOptions): object {
  const { action, alpha, margin, marginKind, minimum, population, tunedFor } = options;
  return onlySaid({
    margin,
    margin_kind: marginKind,
    alpha,
    minimum_subjects: minimum,
    tuned_for: tunedFor,
    population,
    action,
  });
}
