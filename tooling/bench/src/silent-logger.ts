import type { Logger } from "@lotty/domain";

const nothing = (): void => undefined;

/** Says nothing: benchmarks print figures only. */
export const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
