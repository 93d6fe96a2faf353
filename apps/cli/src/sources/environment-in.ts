import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import type { Runtime } from "@lotty/runtime";

/**
 * The id of the environment that a command works in.
 *
 * @param key as given on the command line; production when absent
 * @throws LottyError `not_found` when there is none
 */
export async function environmentIn({ snapshots }: Runtime, key: string | undefined): Promise<string> {
  return key === undefined ? DEFAULT_ENVIRONMENT_ID : snapshots.follow(key);
}
