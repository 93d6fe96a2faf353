import type { Logger } from "@lotty/domain";
import { DECISION_FORMAT } from "./decision-format.ts";
import { EVENT_FORMAT } from "./event-format.ts";
import { takeOverFiles } from "./spool-directory.ts";
import type { FollowUp, SpoolFormat } from "./spool-format.ts";

/** Where to look for what nobody drains. */
export interface AbandonedPlace {
  readonly of: "decisions" | "events";
  readonly directory: string;
  readonly logger: Logger;
}

/**
 * How much waits in a directory for a process that does not come: in files that nobody holds. They stay there.
 *
 * @throws the system's error when the directory cannot be read
 */
export function abandonedRows({ directory, logger, of }: AbandonedPlace): number {
  return of === "decisions" ? count(DECISION_FORMAT, directory, logger) : count(EVENT_FORMAT, directory, logger);
}

function count<Item, Follows extends FollowUp<Item>>(
  format: SpoolFormat<Item, Follows>,
  directory: string,
  logger: Logger,
): number {
  const files = takeOverFiles({ directory, format, held: new Set(), logger });
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  for (const file of files) file.close();
  return rows;
}
