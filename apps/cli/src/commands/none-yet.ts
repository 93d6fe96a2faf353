import { isLottyError, LottyError } from "@lotty/domain";

/**
 * Takes an error of looking at something that belongs to an experiment which is there: what was not found then is that thing.
 *
 * @returns what throws `not_found` with the name and the advice; other errors as they are
 */
export function noneYet(what: string, advice: string): (error: unknown) => never {
  return (error) => {
    if (!isLottyError(error) || error.code !== "not_found") throw error;
    throw new LottyError("not_found", `there is no ${what} yet`, { cause: error, details: { advice } });
  };
}
