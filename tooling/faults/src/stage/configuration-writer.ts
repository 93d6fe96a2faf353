import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { openPostgres, type Storage } from "@lotty/persistence";
import { SILENT } from "../silent-logger.ts";

/** Changes the configuration in the database, as a command line elsewhere would, and tells the processes that follow it. */
export class ConfigurationWriter {
  readonly #storage: Storage;

  private constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** The caller closes it. */
  static async open(url: string): Promise<ConfigurationWriter> {
    return new ConfigurationWriter(await openPostgres({ url, logger: SILENT }));
  }

  /** Makes the next version of a flag, which decides as the one before, and gives the revision that has it. */
  async change(): Promise<number> {
    const { configuration, notices } = this.#storage;
    const { flags, revision } = await configuration.load(DEFAULT_ENVIRONMENT_ID);
    const [flag] = flags;
    if (flag === undefined) throw new Error("There is no flag to change.");
    const putFlags = [{ ...flag, version: flag.version + 1 }];
    const next = await configuration.apply(DEFAULT_ENVIRONMENT_ID, { putFlags }, revision);
    await notices.publish({ environmentId: DEFAULT_ENVIRONMENT_ID, revision: next });
    return next;
  }

  close(): Promise<void> {
    return this.#storage.close();
  }
}
