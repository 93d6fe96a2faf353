import { LottyError } from "@lotty/domain";
import { apiOf, environmentKeyOf, type PlaceOptions } from "../profiles/api-options.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ApiClient, apiClient } from "./api-client.ts";

/**
 * Works through the API that is named, for what only a running API does.
 *
 * @throws LottyError `invalid_request` when none is named; what `work` throws
 */
export async function withApi<T>(
  terminal: Terminal,
  options: PlaceOptions,
  work: (client: ApiClient) => Promise<T>,
): Promise<T> {
  const api = await apiOf(terminal, options);
  if (api !== undefined) return work(apiClient(api.url, api.key, environmentKeyOf(terminal, options)));
  throw new LottyError("invalid_request", "this needs a running API", {
    details: { advice: "Name it with --url, or with --profile: `npm start` runs one on http://127.0.0.1:8080." },
  });
}
