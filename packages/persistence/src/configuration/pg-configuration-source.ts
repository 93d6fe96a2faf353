import type { Configuration, ConfigurationSource } from "@lotty/domain";
import type { Knex } from "knex";
import { guarded } from "../database-error.ts";
import { readRevisionMark, readTouched, type RevisionMark, type TouchedRecords } from "./changes-since.ts";
import type { EnvironmentRow } from "./configuration-rows.ts";
import { readDomains, readExperiments, readFlags, readSegments } from "./read-records.ts";
import { replaceRecords, withoutMembers } from "./replace-records.ts";

/** A configuration, and where the change log stood when it was read. */
interface KnownConfiguration {
  readonly configuration: Configuration;
  readonly mark: RevisionMark;
}

/**
 * Reads the configuration from Postgres or PGlite: a fixed number of statements, however large it is. What was read last is kept,
 * and only the records that the change log names since then are read again; the rest of the new configuration is the very same
 * records. Where the log does not tell, all of it is read.
 */
export class PgConfigurationSource implements ConfigurationSource {
  readonly #knex: Knex;
  readonly #known = new Map<string, KnownConfiguration>();

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  load(environmentId: string): Promise<Configuration> {
    return guarded(async () => {
      const known = this.#known.get(environmentId);
      // Repeatable read: all statements see the database as of the first.
      const loaded = await this.#knex.transaction((knex) => readFrom(known, knex, environmentId), {
        isolationLevel: "repeatable read",
        readOnly: true,
      });
      this.#known.set(environmentId, loaded);
      return loaded.configuration;
    });
  }

  revision(environmentId: string): Promise<number> {
    return guarded(async () => {
      const row = await this.#knex<EnvironmentRow>("environments").where({ id: environmentId }).first("revision");
      return row?.revision ?? 0;
    });
  }
}

async function readFrom(
  known: KnownConfiguration | undefined,
  knex: Knex,
  environmentId: string,
): Promise<KnownConfiguration> {
  const mark = await readRevisionMark(knex, environmentId);
  const touched = known && (await readTouched(knex, environmentId, { after: known.mark, until: mark }));
  if (known === undefined || touched === undefined) {
    return { mark, configuration: await readAll(knex, environmentId, mark.revision) };
  }
  if (mark.revision === known.mark.revision) return known;
  const configuration = await readTouchedAgain(knex, known.configuration, touched);
  return { mark, configuration: { ...configuration, revision: mark.revision } };
}

async function readAll(knex: Knex, environmentId: string, revision: number): Promise<Configuration> {
  const wanted = { knex, environmentId };
  return {
    environmentId,
    revision,
    flags: await readFlags(wanted),
    experiments: await readExperiments(wanted),
    domains: await readDomains(wanted),
    segments: await readSegments(wanted),
  };
}

async function readTouchedAgain(knex: Knex, known: Configuration, touched: TouchedRecords): Promise<Configuration> {
  const { environmentId } = known;
  const wanted = (ids: ReadonlySet<string>): Parameters<typeof readFlags>[0] => ({
    knex,
    environmentId,
    ids: [...ids],
  });
  const { domains, experiments, flags, removedExperiments, segments } = touched;
  const staying = withoutMembers(known.domains, removedExperiments);
  return {
    ...known,
    flags: replaceRecords(known.flags, flags, await readFlags(wanted(flags))),
    experiments: replaceRecords(known.experiments, experiments, await readExperiments(wanted(experiments))),
    domains: replaceRecords(staying, domains, await readDomains(wanted(domains))),
    segments: replaceRecords(known.segments, segments, await readSegments(wanted(segments))),
  };
}
