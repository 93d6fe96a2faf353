import type { ServerResponse } from "node:http";
import type { ChangeNotice, Timer } from "@lotty/domain";
import type { BodyWriter } from "../../http/answer.ts";

/** Tells of a revision in the form of one kind of stream: a server-sent event with its empty line at the end. */
export type RevisionEvent = (revision: number) => string;

/** What event streams work with. */
export interface EventStreamsOptions {
  /** Most streams at the same time. */
  readonly maxStreams: number;
  readonly timer: Timer;
  /** From 0 to below 1; `Math.random` when absent. */
  readonly random?: () => number;
}

/** What a new stream starts with. */
export interface StreamStart {
  /** The environment of whose revisions the stream tells. */
  readonly environmentId: string;
  /** The revision that decisions are taken with now. */
  readonly revision: number;
  /** The `Last-Event-ID` of the request. */
  readonly lastEventId: string | undefined;
  readonly event: RevisionEvent;
  /**
   * Calls back when whoever listens must not any more; gives the function that stops watching. The caller was let in once, but
   * the stream lasts.
   */
  readonly watchCaller: (end: () => void) => () => void;
}

/** Proxies end connections that are silent for a minute or even half a minute. */
const HEARTBEAT_MILLIS = 15_000;

/** After how long a client whose stream has ended comes back, in milliseconds: not all of them at once. */
const RETRY_MILLIS = { min: 1_000, spread: 4_000 };

/** What may wait for a client that does not read; some hundred events. Whoever is further behind starts anew. */
const MAX_WAITING_BYTES = 16_384;

interface OpenStream {
  readonly environmentId: string;
  readonly response: ServerResponse;
  readonly event: RevisionEvent;
}

/**
 * The streams on which clients hear that there is a new configuration. Each event stands for all before it, so a client that
 * missed some needs the newest only, and a client that does not keep up is cut off instead of being waited for.
 *
 * Own code instead of better-sse, which neither bounds what waits for a client nor counts clients.
 */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #open = new Set<OpenStream>();
  readonly #stop: () => void;
  #draining = false;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
    this.#stop = options.timer.every(HEARTBEAT_MILLIS, () => this.#beat());
  }

  /** Streams that are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Whether there is room for one more. */
  get full(): boolean {
    return this.#open.size >= this.#options.maxStreams;
  }

  /**
   * Starts a stream. The newest revision is told at once unless the client says that it has it: it may have been made between
   * the client's last look and this.
   */
  start({ environmentId, event, lastEventId, revision, watchCaller }: StreamStart): BodyWriter {
    return (response) => {
      const { random = Math.random } = this.#options;
      const retry = RETRY_MILLIS.min + Math.floor(random() * RETRY_MILLIS.spread);
      response.write(`retry: ${retry}\n\n${lastEventId === String(revision) ? "" : event(revision)}`);
      if (this.#draining) {
        response.end();
        return;
      }
      const stream: OpenStream = { environmentId, response, event };
      this.#open.add(stream);
      const unwatch = watchCaller(() => this.#end(stream));
      response.on("close", () => {
        unwatch();
        this.#open.delete(stream);
      });
    };
  }

  /** Tells all streams of an environment of its revision. */
  publish({ environmentId, revision }: ChangeNotice): void {
    const texts = new Map<RevisionEvent, string>();
    for (const stream of this.#open) {
      if (stream.environmentId !== environmentId) continue;
      const text = texts.get(stream.event) ?? stream.event(revision);
      texts.set(stream.event, text);
      send(stream, text);
    }
  }

  /** Ends all streams, and from now on every new one at once: clients come back a little later, elsewhere. */
  drain(): void {
    this.#draining = true;
    this.#stop();
    this.cut();
  }

  /** Ends all streams in good order. */
  cut(): void {
    for (const stream of this.#open) this.#end(stream);
  }

  #end(stream: OpenStream): void {
    // Nothing may be written behind an end, and the connection may last for a while.
    this.#open.delete(stream);
    const { response } = stream;
    // Who does not read would hold up the end of the server.
    if (response.writableLength > 0) response.destroy();
    else response.end();
  }

  #beat(): void {
    for (const stream of this.#open) send(stream, ":\n\n");
  }
}

function send({ response }: OpenStream, text: string): void {
  if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
  else response.write(text);
}
