import { CompensatedSum } from "./compensated-sum.ts";
import type { CompiledSelection } from "./compile-selection.ts";
import type { MeasuredEvent } from "@lotty/domain";

/** Adds up what a selection takes of a subject's events in one span of time. */
export class Tally {
  readonly #selection: CompiledSelection;
  readonly #sum = new CompensatedSum();
  #count = 0;
  #passedOver = false;

  constructor(selection: CompiledSelection) {
    this.#selection = selection;
  }

  /** @returns the number that was taken, if one was */
  take(event: MeasuredEvent): number | undefined {
    const selected = this.#selection.select(event);
    if (typeof selected !== "number") {
      this.#passedOver ||= selected === "passed_over";
      return undefined;
    }
    this.#count += 1;
    this.#sum.add(selected);
    return selected;
  }

  get count(): number {
    return this.#count;
  }

  /** Of the numbers; 0 of none. Never -0. */
  get sum(): number {
    return this.#sum.total + 0;
  }

  /** Of the numbers; 0 of none. */
  get mean(): number {
    return this.#count === 0 ? 0 : this.sum / this.#count;
  }

  /** 1 when there was any event, else 0. */
  get any(): number {
    return this.#count > 0 ? 1 : 0;
  }

  get passedOver(): boolean {
    return this.#passedOver;
  }
}
