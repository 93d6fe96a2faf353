import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { withinTime } from "../time-limit.ts";
import type { Workshop } from "./stage-options.ts";

/** Part of the network that no machine should have a use for. */
const NETWORK = "10.77";
const RELAY_PORT = 7000;
const COMMAND_MILLIS = 10_000;

/** A link to a server through another network namespace, which can be made to drop everything without a word. */
export class SilentLink {
  readonly address: string;
  readonly port: number = RELAY_PORT;
  readonly #namespace: string;
  readonly #inside: string;

  private constructor(namespace: string, index: number) {
    this.#namespace = namespace;
    this.#inside = `${namespace}-i`;
    this.address = `${NETWORK}.${String(index)}.2`;
  }

  /**
   * Lays a link to a server that also listens on a socket file, which namespaces do not part.
   *
   * @param index from 1 to 255, different for every link
   * @throws Error where the machine does not allow it: it takes root and `ip`
   */
  static async lay(socketFile: string, index: number, workshop: Workshop): Promise<SilentLink> {
    const namespace = `lotty${String(process.pid % 10_000)}${String(index)}`;
    const link = new SilentLink(namespace, index);
    const outside = `${namespace}-o`;
    const inside = link.#inside;
    ip("netns", "add", namespace);
    workshop.undoWith(["ip", "netns", "del", namespace]);
    ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", namespace);
    // The namespace would take it along, but not before this has returned.
    workshop.undoWith(["ip", "link", "del", outside]);
    ip("addr", "add", `${NETWORK}.${String(index)}.1/30`, "dev", outside);
    ip("link", "set", outside, "up");
    ip("-n", namespace, "addr", "add", `${link.address}/30`, "dev", inside);
    ip("-n", namespace, "link", "set", inside, "up");
    const [found] = JSON.parse(ip("-n", namespace, "-j", "link", "show", inside)) as { readonly address: string }[];
    // Known for good: otherwise the system would find out by itself that nobody is there, and say so.
    ip("neigh", "replace", link.address, "lladdr", found?.address ?? "", "dev", outside, "nud", "permanent");
    await startRelay({ namespace, listenOn: `${link.address}:${String(RELAY_PORT)}`, socketFile, workshop });
    return link;
  }

  /** From now on nothing gets through, in either direction, and nobody is told. */
  drop(): void {
    ip("-n", this.#namespace, "link", "set", this.#inside, "down");
  }

  /** Packets get through again. */
  restore(): void {
    ip("-n", this.#namespace, "link", "set", this.#inside, "up");
  }
}

interface Relay {
  readonly namespace: string;
  readonly listenOn: string;
  readonly socketFile: string;
  readonly workshop: Workshop;
}

async function startRelay({ listenOn, namespace, socketFile, workshop }: Relay): Promise<void> {
  const program = fileURLToPath(new URL("relay.ts", import.meta.url));
  const child = spawn("ip", ["netns", "exec", namespace, process.execPath, program, listenOn, socketFile], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const { pid } = child;
  if (pid !== undefined) workshop.guardian.started(pid);
  workshop.onEnd(async () => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    if (pid !== undefined) workshop.guardian.ended(pid);
  });
  await withinTime("the relay", COMMAND_MILLIS, once(child.stdout, "data"));
}

function ip(...args: readonly string[]): string {
  const { status, stderr, stdout, error } = spawnSync("ip", args, { encoding: "utf8", timeout: COMMAND_MILLIS });
  if (status !== 0) throw new Error(`ip ${args.join(" ")} failed (it takes root): ${error?.message ?? stderr}`);
  return stdout;
}
