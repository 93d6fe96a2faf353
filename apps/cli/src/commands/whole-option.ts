import { InvalidArgumentError } from "commander";

/** Reads an option that takes a whole number from 1. */
export function wholeOption(given: string): number {
  const number = /^\d{1,10}$/.test(given) ? Number(given) : 0;
  if (number >= 1) return number;
  throw new InvalidArgumentError("Not a whole number from 1.");
}
