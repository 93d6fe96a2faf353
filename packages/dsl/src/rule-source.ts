import type { Rule } from "@lotty/domain";
import type { TextSpan } from "./text-range.ts";

/** Where a node of a rule stands in its text. */
export interface NodeSpans {
  readonly whole: TextSpan;
  /** The attribute of a clause. */
  readonly path?: TextSpan;
  /** The values of a clause, in order. */
  readonly values: readonly TextSpan[];
}

/** The text of a rule and where each node of its tree comes from. Trees carry no positions themselves. */
export interface RuleSource {
  readonly text: string;
  /** By identity of the node. */
  readonly spans: ReadonlyMap<Rule, NodeSpans>;
}
