import { format, parse } from "@lotty/dsl";

/** The canonical text of a rule, so that rules of one meaning but other spelling compare equal; a text that is no rule stays as it is. */
export function ruleText(text: string | null): string {
  const parsed = parse(text);
  if (!parsed.ok) return text ?? "";
  return parsed.rule === null ? "" : format(parsed.rule);
}
