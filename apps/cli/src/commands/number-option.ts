import { InvalidArgumentError } from "commander";

/** Reads an option that takes a number. */
export function numberOption(text: string): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw new InvalidArgumentError("Not a number.");
}
