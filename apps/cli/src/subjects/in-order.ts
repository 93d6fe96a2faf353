/**
 * Does work on items, up to `concurrency` at a time, and hands the results over in the order of the items. Nothing is
 * begun while the reader of the results is not ready for them: memory is bounded by the concurrency. After a failure
 * nothing more is begun; the results before it are handed over first.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
  concurrency: number,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const begun = work(item);
      // Someone listens from the start: a failure is reported when its turn comes, not as unhandled before.
      begun.catch(() => undefined);
      underWay.push(begun);
      if (underWay.length < concurrency) continue;
      const [first] = underWay.splice(0, 1);
      if (first !== undefined) yield await first;
    }
    for (let first = underWay.shift(); first !== undefined; first = underWay.shift()) yield await first;
  } finally {
    await Promise.allSettled(underWay);
  }
}
