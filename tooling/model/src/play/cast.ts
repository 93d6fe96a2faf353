import type { SeededRandom } from "@lotty/faults/seeded-random";
import type { LottyProcess } from "@lotty/faults/stage/lotty-process";
import type { Stage } from "@lotty/faults/stage/stage";
import type { Troubles } from "../world/troubles.ts";

const READY_WITHIN_MILLIS = 60_000;

/** The processes of a run, with a note of what was done to them. */
export class Cast {
  readonly stage: Stage;
  readonly #troubles: Troubles;
  readonly #lives = new Map<string, number>();
  #whenChanging: ((member: LottyProcess) => void)[] = [];

  constructor(stage: Stage, troubles: Troubles) {
    this.stage = stage;
    this.#troubles = troubles;
  }

  /** How often a process was started before. */
  lifeOf(name: string): number {
    return this.#lives.get(name) ?? 0;
  }

  /** An API that runs, if any does. */
  chooseApi(random: SeededRandom): LottyProcess {
    const chosen = random.pick(this.stage.api);
    return chosen.running ? chosen : (this.stage.api.find(({ running }) => running) ?? chosen);
  }

  /** A process is asked to change something now. */
  changing(member: LottyProcess): void {
    for (const tell of this.#whenChanging.splice(0)) tell(member);
  }

  /** The next process that is asked to change something, at the moment at which it is. */
  untilChanging(): Promise<LottyProcess> {
    return new Promise((resolve) => this.#whenChanging.push(resolve));
  }

  async kill(member: LottyProcess): Promise<void> {
    this.#troubles.killed(member.name);
    await member.kill();
  }

  async stop(member: LottyProcess): Promise<void> {
    this.#troubles.killed(member.name);
    await member.stop();
  }

  start(member: LottyProcess): void {
    if (member.running) return;
    this.#lives.set(member.name, this.lifeOf(member.name) + 1);
    member.spawn();
  }

  /** Holds a process still for a while. */
  async hold(member: LottyProcess, pause: () => Promise<void>): Promise<void> {
    const end = this.#troubles.stopped(member.name);
    member.signal("SIGSTOP");
    try {
      await pause();
    } finally {
      if (member.running) member.signal("SIGCONT");
      end();
    }
  }

  /** Takes Postgres away for a while, by a signal. */
  async withoutPostgres(signal: NodeJS.Signals, during: () => Promise<void>): Promise<void> {
    const end = this.#troubles.postgresAway();
    await this.stage.postgres.stop(signal);
    try {
      await during();
    } finally {
      await this.stage.postgres.start();
      end();
    }
  }

  /** Cuts all connections of everybody else to Postgres. */
  async cutConnections(): Promise<void> {
    const end = this.#troubles.postgresAway();
    await this.stage.database.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    end();
  }

  /** Starts whatever does not run and waits until everybody is ready. */
  async gather(): Promise<void> {
    await this.stage.postgres.start();
    await this.stage.redis.start();
    const members = [...this.stage.api, ...this.stage.workers];
    for (const member of members) this.start(member);
    await Promise.all(members.map((member) => member.untilReady(READY_WITHIN_MILLIS)));
  }
}
