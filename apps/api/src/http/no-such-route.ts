import type { Handler } from "./serve.ts";
import { problemAnswer } from "./problem-answer.ts";

/** Answers every request with 404. */
export const noSuchRoute: Handler = ({ requestId }) =>
  problemAnswer({ code: "not_found", detail: "There is nothing at this path." }, requestId);

/**
 * Answers requests whose method a path does not have: 405, or 204 to `OPTIONS`; both name the methods it has.
 *
 * @param methods the methods it has, without `OPTIONS`
 */
export function noSuchMethod(methods: readonly string[]): Handler {
  const allow = [...methods, "OPTIONS"].join(", ");
  return ({ request, requestId }) =>
    request.method === "OPTIONS"
      ? { status: 204, mediaType: null, body: "", headers: { allow } }
      : problemAnswer(
          { code: "method_not_allowed", detail: `This path takes ${allow}.`, headers: { allow } },
          requestId,
        );
}
