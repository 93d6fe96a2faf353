import type { Logger } from "@lotty/domain";

/** For the runner's own look at the stores: what they have to say while they are broken is no news. */
export const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };
