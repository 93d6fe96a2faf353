import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server that can be cut and mended, so that tests can take a shared server away from one process. */
export class TcpProxy {
  /** The address of the server behind the proxy, through the proxy. */
  readonly url: string;
  readonly #port: number;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #frozen = false;

  private constructor(url: URL, port: number) {
    this.#target = { host: url.hostname, port: Number(url.port) };
    this.#port = port;
    const through = new URL(url);
    through.hostname = "127.0.0.1";
    through.port = String(port);
    this.url = through.href;
  }

  /** Makes a closed proxy to the server of a URL. Nothing gets through before {@link TcpProxy.mend}. */
  static async to(url: string): Promise<TcpProxy> {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const address = probe.address();
    await new Promise((resolve) => probe.close(resolve));
    if (typeof address !== "object" || address === null) throw new Error("no port is free");
    return new TcpProxy(new URL(url), address.port);
  }

  /** Lets connections through. */
  async mend(): Promise<void> {
    this.#frozen = false;
    if (this.#server !== undefined) return;
    this.#server = createServer((inbound) => this.#pass(inbound)).listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  /** Ends all connections and refuses new ones. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  /** Keeps connections open and lets nothing through them, like a network that drops packets. */
  freeze(): void {
    this.#frozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  #pass(inbound: Socket): void {
    const outbound = connect(this.#target);
    for (const [from, to] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#frozen) from.pause();
    }
  }
}
