import { Agent, request } from "node:http";

interface Target {
  readonly port: number;
  readonly agent: Agent;
  ready: boolean;
  answered: number;
}

/** How often readiness is asked for, as a load balancer does. */
const PROBE_MILLIS = 50;

/** A connection that is kept may be closed by the server; after this long without use it is not used again. */
const KEEP_ALIVE_MILLIS = 1_000;

const BODY = JSON.stringify({ flag: "checkout", subject_id: "user-1", attributes: { country: "DE" } });

/**
 * A tiny load balancer with the load that it balances: workers that send one request after the other over kept
 * connections, in turn to every process whose `/readyz` says 200. It repeats nothing.
 */
export class RotatingClient {
  /** Whatever was not a 200: a status, or the code of a broken connection. */
  readonly failures: (number | string)[] = [];
  readonly #targets: readonly Target[];
  readonly #running: Promise<void>[] = [];
  #turn = 0;
  #stopped = false;

  constructor(ports: readonly number[], connectionsEach: number) {
    this.#targets = ports.map((port) => ({
      port,
      agent: new Agent({ keepAlive: true, maxSockets: connectionsEach, timeout: KEEP_ALIVE_MILLIS }),
      ready: false,
      answered: 0,
    }));
  }

  /** Starts to probe, and once somebody is ready, so many workers. */
  async start(workers: number): Promise<void> {
    for (const target of this.#targets) this.#running.push(this.#probe(target));
    while (!this.#targets.every(({ ready }) => ready)) await pause(10);
    for (let worker = 0; worker < workers; worker += 1) this.#running.push(this.#work());
  }

  /** Good answers of the process on a port so far. */
  answeredBy(port: number): number {
    return this.#targets.find((target) => target.port === port)?.answered ?? 0;
  }

  isReady(port: number): boolean {
    return this.#targets.some((target) => target.port === port && target.ready);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
    for (const { agent } of this.#targets) agent.destroy();
  }

  async #probe(target: Target): Promise<void> {
    while (!this.#stopped) {
      const agent = new Agent();
      target.ready = (await ask({ port: target.port, path: "/readyz", agent }).catch(() => 0)) === 200;
      await pause(PROBE_MILLIS);
    }
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      const target = this.#next();
      if (target === undefined) {
        this.failures.push("nobody is ready");
        await pause(PROBE_MILLIS);
        continue;
      }
      try {
        const status = await ask({ port: target.port, path: "/v1/decide", agent: target.agent, body: BODY });
        if (status === 200) target.answered += 1;
        else this.failures.push(status);
      } catch (error) {
        this.failures.push(error instanceof Error && "code" in error ? String(error.code) : String(error));
      }
    }
  }

  #next(): Target | undefined {
    const ready = this.#targets.filter((target) => target.ready);
    this.#turn += 1;
    return ready[this.#turn % ready.length];
  }
}

interface Question {
  readonly port: number;
  readonly path: string;
  readonly agent: Agent;
  /** Absent: a GET. */
  readonly body?: string;
}

function ask({ port, path, agent, body }: Question): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const method = body === undefined ? "GET" : "POST";
    const asking = request({ host: "127.0.0.1", port, path, agent, method, headers }, (response) => {
      response.on("error", reject);
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
