import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** An address behind which the server can be exchanged, like the address of a service that fails over. */
export class SwitchableWay {
  readonly #server: Server;
  #target: URL;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((inbound) => this.#pass(inbound));
  }

  static async to(url: string): Promise<SwitchableWay> {
    const way = new SwitchableWay(new URL(url));
    way.#server.listen(0, "127.0.0.1");
    await once(way.#server, "listening");
    return way;
  }

  /** The URL of the target with our address in place of its own. */
  get url(): string {
    const address = this.#server.address();
    const url = new URL(this.#target);
    if (typeof address === "object" && address !== null) url.port = String(address.port);
    return url.href;
  }

  /** New connections go to another server; those that are there stay where they are. */
  leadTo(url: string): void {
    this.#target = new URL(url);
  }

  close(): void {
    this.#server.close();
  }

  #pass(inbound: Socket): void {
    const outbound = connect(Number(this.#target.port), this.#target.hostname);
    for (const [from, to] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      from.setNoDelay(true);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    }
  }
}
