import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const REFUSED_PAUSE_MILLIS = 500;
const BROKEN_PAUSE_MILLIS = 100;

interface Listener {
  socket: Socket | undefined;
  /** The newest revision that it was told of. */
  revision: number;
}

/** How long it took until a stream told of a change, in milliseconds. */
export type Propagation = readonly number[];

/** Clients that keep streams of configuration changes open, and open them again at once when they end. */
export class StreamCrowd {
  readonly #urls: readonly string[];
  readonly #listeners: readonly Listener[];
  readonly #heard: { readonly revision: number; readonly at: number; readonly listener: Listener }[] = [];
  #leaving = false;
  /** Streams that were answered with something else than 200. */
  refused = 0;

  /** They begin at once. */
  constructor(urls: readonly string[], size: number) {
    this.#urls = urls;
    this.#listeners = Array.from({ length: size }, () => ({ socket: undefined, revision: 0 }));
    for (const [place, listener] of this.#listeners.entries()) this.#open(listener, place);
  }

  /** How many know of a revision. */
  knowing(revision: number): number {
    return this.#listeners.filter((listener) => listener.revision >= revision).length;
  }

  /** All of them lose their connections at the same moment. */
  cut(): void {
    for (const { socket } of this.#listeners) socket?.destroy();
  }

  /** How long after a moment each first heard of a revision or a later one. */
  propagation(revision: number, since: number): Propagation {
    const first = new Map<Listener, number>();
    for (const each of this.#heard) {
      if (each.revision >= revision && each.at >= since && !first.has(each.listener)) first.set(each.listener, each.at);
    }
    return Array.from(first.values(), (at) => at - since);
  }

  leave(): void {
    this.#leaving = true;
    this.cut();
  }

  #open(listener: Listener, place: number): void {
    const { hostname, port } = new URL(this.#urls[place % this.#urls.length] ?? "");
    const socket = connect(Number(port), hostname, () => {
      socket.write("GET /v1/stream HTTP/1.1\r\nhost: crowd\r\naccept: text/event-stream\r\n\r\n");
    });
    listener.socket = socket;
    let text = "";
    let isRefused = false;
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (!isRefused && text.startsWith("HTTP/1.1 ") && !text.startsWith("HTTP/1.1 200")) {
        isRefused = true;
        this.refused += 1;
        socket.destroy();
        return;
      }
      const end = text.lastIndexOf("\n");
      for (const [, revision] of text.slice(0, end + 1).matchAll(/^data: \{.*"revision":(\d+)\}\r?$/gm)) {
        this.#hear(listener, Number(revision));
      }
      text = text.slice(end + 1);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => void this.#comeBack(listener, place, isRefused));
  }

  #hear(listener: Listener, revision: number): void {
    listener.revision = Math.max(listener.revision, revision);
    this.#heard.push({ revision, at: performance.now(), listener });
  }

  /** At once, and not when `retry` says: that is what makes it a storm. */
  async #comeBack(listener: Listener, place: number, wasRefused: boolean): Promise<void> {
    if (wasRefused) await sleep(REFUSED_PAUSE_MILLIS);
    else if (listener.revision === 0) await sleep(BROKEN_PAUSE_MILLIS);
    if (!this.#leaving) this.#open(listener, place);
  }
}
