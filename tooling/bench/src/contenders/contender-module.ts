import type { Subject } from "@lotty/domain";

/** What a contender's module exports. Modules of peers are plain JavaScript, outside of what is installed by default. */
export interface ContenderModule {
  /** @param argument percentage of subjects to take into the experiment; rules have no use for it */
  create(argument: number): Measurable | Promise<Measurable>;
}

/** Something that decides. */
export interface Measurable {
  /** What it is asked with, made before the time is taken. */
  readonly contextOf: (subject: Subject) => unknown;
  /** The value that the subject gets: `off` or `false` for those who are not taken. */
  readonly decide: (context: unknown) => unknown;
  /** Whether `decide` gives a promise that must be awaited. */
  readonly asynchronous?: boolean;
}

/** Times of single calls in microseconds. */
export interface CallTimes {
  readonly p50: number;
  readonly p99: number;
}

/** What a contender's process tells. */
export type ContenderReport =
  | { readonly kind: "ready"; /** Share of all subjects. */ readonly taken: number }
  | { readonly kind: "round"; readonly nanos: number }
  | { readonly kind: "calls"; readonly times: CallTimes };
