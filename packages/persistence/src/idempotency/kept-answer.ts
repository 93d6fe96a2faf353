import { type KeptAnswer, LottyError } from "@lotty/domain";

/**
 * Reads an answer as the table has it.
 *
 * @throws LottyError `database_rejected` for what is no answer: somebody else has written it
 */
export function keptAnswerOf(text: string): KeptAnswer {
  const value: unknown = JSON.parse(text);
  if (isKeptAnswer(value)) return value;
  throw new LottyError("database_rejected", "A kept answer is none.");
}

function isKeptAnswer(value: unknown): value is KeptAnswer {
  if (typeof value !== "object" || value === null) return false;
  if (!("status" in value && "mediaType" in value && "body" in value && "headers" in value)) return false;
  const { body, headers, mediaType, status } = value;
  return (
    Number.isInteger(status) &&
    (mediaType === null || typeof mediaType === "string") &&
    typeof body === "string" &&
    typeof headers === "object" &&
    headers !== null &&
    Object.values(headers).every((header) => typeof header === "string")
  );
}
