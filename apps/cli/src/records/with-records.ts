import { apiOf, environmentKeyOf, type PlaceOptions } from "../profiles/api-options.ts";
import { apiClient } from "../sources/api-client.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { RecordSource } from "./record-source.ts";

/** Works with the decisions on record of the API that is named, else of the database of the settings. */
export async function withRecords<T>(
  terminal: Terminal,
  options: PlaceOptions,
  work: (source: RecordSource) => Promise<T>,
): Promise<T> {
  const api = await apiOf(terminal, options);
  const environment = environmentKeyOf(terminal, options);
  if (api !== undefined) {
    const { httpRecordSource } = await import("./http-record-source.ts");
    return work(httpRecordSource(apiClient(api.url, api.key, environment)));
  }
  // Loaded here, so that commands that need no database do not wait for what presents it.
  const { localRecordSource } = await import("./local-record-source.ts");
  return withRuntime(
    terminal,
    (runtime, environmentId) => work(localRecordSource(runtime, environmentId)),
    environment,
  );
}
