import type { Instant, Learning, LearningQuestion, Learnings } from "@lotty/domain";

/** What was learned, in memory. Searching goes by whole words. */
export class MemoryLearnings implements Learnings {
  readonly #known = new Map<string, Learning>();

  /** Adds learnings, or replaces those of the same experiments. */
  put(environmentId: string, learnings: readonly Learning[]): void {
    for (const learning of learnings) this.#known.set(`${environmentId} ${learning.experimentId}`, learning);
  }

  async find(environmentId: string, learningId: string): Promise<Learning | undefined> {
    return this.#in(environmentId).find(({ id }) => id === learningId);
  }

  async search(question: LearningQuestion): Promise<readonly Learning[]> {
    const { environmentId, from, limit, offset, outcome, tag, text, to } = question;
    const wanted = wordsIn(text ?? "");
    return this.#in(environmentId)
      .filter((learning) => [...wanted].every((word) => wordsOf(learning).has(word)))
      .filter((learning) => tag === undefined || learning.tags.includes(tag))
      .filter((learning) => outcome === undefined || learning.outcome === outcome)
      .filter(
        ({ completedAt }) => (from === undefined || completedAt >= from) && (to === undefined || completedAt < to),
      )
      .toSorted((one, other) => other.completedAt - one.completedAt)
      .slice(offset, offset + limit);
  }

  async completedSince(
    from: Instant,
  ): Promise<readonly { readonly environmentId: string; readonly learning: Learning }[]> {
    return [...this.#known]
      .map(([key, learning]) => ({ environmentId: key.split(" ", 1).join(""), learning }))
      .filter(({ learning }) => learning.completedAt >= from)
      .toSorted((one, other) => one.learning.completedAt - other.learning.completedAt);
  }

  async similar(environmentId: string, learningId: string, limit: number): Promise<readonly Learning[]> {
    const all = this.#in(environmentId);
    const one = all.find(({ id }) => id === learningId);
    if (one === undefined) return [];
    const words = wordsOf(one);
    const shared = (learning: Learning): number => [...wordsOf(learning)].filter((word) => words.has(word)).length;
    return all
      .filter((learning) => learning !== one && shared(learning) > 0)
      .toSorted((first, second) => shared(second) - shared(first))
      .slice(0, limit);
  }

  #in(environmentId: string): readonly Learning[] {
    return [...this.#known].flatMap(([key, learning]) => (key.startsWith(environmentId) ? [learning] : []));
  }
}

function wordsOf(learning: Learning): ReadonlySet<string> {
  const { comment, experimentKey, flagKey, hypothesis, notes, owner, tags, winner } = learning;
  return wordsIn([comment, experimentKey, flagKey, hypothesis, notes, owner, winner, ...tags].join(" "));
}

function wordsIn(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
}
