import type { Subject } from "@lotty/domain";
import { attributesDigest, type Snapshot } from "@lotty/engine";

/** Changes when the same configuration is answered in another form. */
const FORM = 1;

/** Half a SHA-256 is plenty: nobody gains from making two of their own contexts collide. */
const ETAG_LENGTH = 32;

/** Tag of what a subject gets of all flags: the same in every process that has the same configuration. */
export function bulkEtag({ environmentId, revision }: Snapshot, { attributes, id }: Subject): string {
  const digest = attributesDigest({ form: FORM, environment: environmentId, revision, subject: id, attributes });
  return `"${digest.slice(0, ETAG_LENGTH)}"`;
}
