import { apiOf, environmentKeyOf, type PlaceOptions } from "../profiles/api-options.ts";
import { apiClient } from "../sources/api-client.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { ControlSource } from "./control-source.ts";
import { httpControlSource } from "./http-control-source.ts";

/** Works with the control plane of the API that is named, else of the database of the settings. */
export async function withControl<T>(
  terminal: Terminal,
  options: PlaceOptions,
  work: (source: ControlSource) => Promise<T>,
): Promise<T> {
  const api = await apiOf(terminal, options);
  const environment = environmentKeyOf(terminal, options);
  if (api !== undefined) return work(httpControlSource(apiClient(api.url, api.key, environment)));
  // Databases take half a second to load; commands that need none do not wait for them.
  const { localControlSource } = await import("./local-control-source.ts");
  return withRuntime(
    terminal,
    (runtime, environmentId) => work(localControlSource(runtime, environmentId)),
    environment,
  );
}
