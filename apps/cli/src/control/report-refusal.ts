import { paintFor } from "../terminal/paint.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import type { ControlRefusal } from "./control-refused.ts";
import { renderRefusal } from "./render-refusal.ts";

/** Tells a person, or with `json` a program, why the control plane refused. Goes to the standard error stream. */
export async function reportRefusal(terminal: Terminal, refusal: ControlRefusal, json: boolean): Promise<void> {
  if (!json) return say(terminal, renderRefusal(refusal, paintFor(terminal.talk)));
  const { allowed, code, detail: message, errors, refusals } = refusal;
  const rest = { ...(errors && { errors }), ...(refusals && { refusals }), ...(allowed && { allowed }) };
  await say(terminal, JSON.stringify({ error: { code, message, ...rest } }));
}
