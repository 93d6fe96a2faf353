/** How often targets are asked whether they are ready, in milliseconds. */
const LOOK_MILLIS = 100;
const ANSWER_WITHIN_MILLIS = 1_000;

interface Target {
  readonly url: string;
  ready: boolean;
  asking: boolean;
}

/** Chooses among several APIs as balancers do: by what `/readyz` said a moment ago. */
export class Balancer {
  readonly #targets: readonly Target[];
  readonly #timer: NodeJS.Timeout;

  constructor(urls: readonly string[]) {
    this.#targets = urls.map((url) => ({ url, ready: true, asking: false }));
    this.#timer = setInterval(() => {
      for (const target of this.#targets) void look(target);
    }, LOOK_MILLIS);
  }

  /** The target that was used before as long as it is ready, else another that is. When none is, its turn comes all the same. */
  choose(before: string | undefined, turn: number): string {
    const kept = this.#targets.find(({ url, ready }) => ready && url === before);
    if (kept !== undefined) return kept.url;
    const ready = this.#targets.filter((target) => target.ready);
    const candidates = ready.length > 0 ? ready : this.#targets;
    const chosen = candidates[turn % candidates.length];
    if (chosen === undefined) throw new Error("There is nobody to ask.");
    return chosen.url;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

async function look(target: Target): Promise<void> {
  if (target.asking) return;
  target.asking = true;
  try {
    const answer = await fetch(`${target.url}/readyz`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MILLIS) });
    await answer.arrayBuffer();
    target.ready = answer.status === 200;
  } catch {
    target.ready = false;
  } finally {
    target.asking = false;
  }
}
