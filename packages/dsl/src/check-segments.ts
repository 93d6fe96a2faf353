import type { SegmentClause } from "@lotty/domain";
import { nearest } from "./did-you-mean.ts";
import type { Finding } from "./diagnostics.ts";
import { excerpt } from "./excerpt.ts";
import { quoteText } from "./quoted-text.ts";
import type { NodeSpans } from "./rule-source.ts";

/** A condition on a segment and where it stands. */
export interface PlacedSegment {
  readonly clause: SegmentClause;
  readonly spans: NodeSpans;
}

/** Finds names of segments that are not there. */
export function checkSegments(clauses: readonly PlacedSegment[], known: ReadonlySet<string>): readonly Finding[] {
  return clauses.flatMap(({ clause, spans }): readonly Finding[] => {
    if (known.has(clause.key)) return [];
    const meant = nearest(clause.key, known);
    return [
      {
        code: "unknown_segment",
        span: spans.values[0] ?? spans.whole,
        message: `No segment is called ${excerpt(clause.key)}.`,
        hint: meant === undefined ? undefined : `Did you mean ${quoteText(meant)}?`,
      },
    ];
  });
}
