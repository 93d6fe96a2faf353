import type { Logger } from "@lotty/domain";
import { takeOverFiles } from "./spool-directory.ts";

/**
 * How many decisions wait in a directory for a process that does not come: in files that nobody holds. They stay there.
 *
 * @throws the system's error when the directory cannot be read
 */
export function abandonedRows(directory: string, logger: Logger): number {
  const files = takeOverFiles(directory, new Set(), logger);
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  for (const file of files) file.close();
  return rows;
}
