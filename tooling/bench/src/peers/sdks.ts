/** A peer's engine or SDK that does the same job in memory. */
export interface PeerSdk {
  readonly packageName: string;
  /** Its module under `peers/sdks/src`. */
  readonly module: string;
  readonly hash: string;
}

/** Whom the engine is measured beside. */
export const PEER_SDKS: readonly PeerSdk[] = [
  { packageName: "@openfeature/flagd-core", module: "sdks/flagd-core", hash: "murmur3" },
  { packageName: "unleash-client", module: "sdks/unleash-client", hash: "murmur3" },
  { packageName: "@configcat/sdk", module: "sdks/configcat", hash: "SHA-1" },
  { packageName: "@growthbook/growthbook", module: "sdks/growthbook", hash: "FNV-1a" },
  { packageName: "@amplitude/experiment-core", module: "sdks/amplitude-core", hash: "murmur3" },
  { packageName: "@launchdarkly/node-server-sdk", module: "sdks/launchdarkly", hash: "SHA-1" },
  { packageName: "statsig-node", module: "sdks/statsig", hash: "SHA-256" },
  { packageName: "@optimizely/optimizely-sdk", module: "sdks/optimizely", hash: "murmur3" },
  { packageName: "posthog-node", module: "sdks/posthog", hash: "SHA-1" },
];

/** Who is left out, and why. */
export const LEFT_OUT =
  "Not measured: Eppo, Flagsmith, Split, Flipt's WebAssembly client and statsig-node-core, which were not brought to do this job " +
  "without a server here.";

/** Rule engines for the same three clauses. */
export const PEER_RULES: readonly string[] = ["json-logic-engine", "filtrex", "sift", "mingo", "json-logic-js"];
