import type { ConflictDomain } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import type { WriteScope } from "./write-scope.ts";
import { refuseForeignRecords } from "./refuse-foreign-records.ts";

const PUT = `
INSERT INTO conflict_domains AS held (id, environment_id, key)
SELECT given.id, CAST(:environment AS uuid), given.key FROM unnest(CAST(:ids AS uuid[]), CAST(:keys AS text[])) AS given (id, key)
ON CONFLICT (id) DO UPDATE SET key = excluded.key WHERE held.environment_id = excluded.environment_id`;

const PUT_MEMBERS = `
INSERT INTO domain_members (environment_id, domain_id, experiment_id, priority)
SELECT CAST(:environment AS uuid), given.domain_id, given.experiment_id, given.priority
FROM unnest(CAST(:domains AS uuid[]), CAST(:experiments AS uuid[]), CAST(:priorities AS integer[])) AS given (domain_id, experiment_id, priority)`;

const KEEP_VERSIONS = `
INSERT INTO domain_versions (environment_id, domain_id, revision, definition)
SELECT CAST(:environment AS uuid), given.id, CAST(:revision AS bigint), given.definition::json
FROM unnest(CAST(:ids AS uuid[]), CAST(:definitions AS text[])) AS given (id, definition)`;

/** Inserts or replaces conflict domains with all their members and keeps them as versions. */
export async function putDomains(
  { knex, environmentId, revision }: WriteScope,
  domains: readonly ConflictDomain[],
): Promise<void> {
  if (domains.length === 0) return;
  const ids = textArray(domains.map(({ id }) => id));
  const written = await knex.raw<{ rowCount: number }>(PUT, {
    environment: environmentId,
    ids,
    keys: textArray(domains.map(({ key }) => key)),
  });
  refuseForeignRecords("conflict domains", domains.length, written.rowCount);
  await knex.raw(KEEP_VERSIONS, {
    environment: environmentId,
    revision,
    ids,
    definitions: textArray(domains.map((domain) => JSON.stringify(domain))),
  });
  await knex("domain_members").whereRaw("domain_id = ANY (?::uuid[])", [ids]).del();
  const members = domains.flatMap(({ id, members: own }) => own.map((member) => ({ domainId: id, member })));
  if (members.length === 0) return;
  await knex.raw(PUT_MEMBERS, {
    environment: environmentId,
    domains: textArray(members.map(({ domainId }) => domainId)),
    experiments: textArray(members.map(({ member }) => member.experimentId)),
    priorities: plainArray(members.map(({ member }) => member.priority)),
  });
}

/** Removes conflict domains; their members stay as they are, outside of them. */
export async function removeDomains({ knex, environmentId }: WriteScope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await knex("conflict_domains")
    .where({ environment_id: environmentId })
    .whereRaw("id = ANY (?::uuid[])", [textArray(ids)])
    .del();
}
