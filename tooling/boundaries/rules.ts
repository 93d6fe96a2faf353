/** What one package may build on. Whatever is not named here is forbidden. */
export interface PackageRule {
  /** Our own packages that its sources may import. */
  readonly lotty: readonly string[];
  /** Packages from the registry that its sources may import. */
  readonly thirdParty: readonly string[];
  /** Whether its sources may use Node's modules: all of them, or only the files named. */
  readonly node: boolean | readonly string[];
}

/** What apps see: everything but the adapters, which only `runtime` puts together. */
const APP = [
  "domain",
  "dsl",
  "engine",
  "decisions",
  "definitions",
  "identity",
  "config",
  "contracts",
  "control-plane",
  "learnings",
  "notifications",
  "events",
  "value-schemas",
  "guardrails",
  "runtime",
  "analysis",
  "charts",
];

/** The direction of dependencies, from the inside out. Nothing may import an app. */
export const RULES: Readonly<Record<string, PackageRule>> = {
  domain: { lotty: [], thirdParty: [], node: false },
  dsl: { lotty: ["domain"], thirdParty: ["chevrotain", "re2js"], node: false },
  engine: { lotty: ["domain"], thirdParty: ["re2js"], node: ["src/sha256/node.ts"] },
  stats: {
    lotty: ["domain"],
    thirdParty: [
      "@stdlib/math-base-special-erfc",
      "@stdlib/math-base-special-erfcinv",
      "@stdlib/math-base-special-erfcx",
      "@stdlib/math-base-special-gammaln",
    ],
    node: false,
  },
  metrics: { lotty: ["domain", "dsl", "engine"], thirdParty: [], node: false },
  charts: { lotty: ["domain"], thirdParty: ["echarts"], node: false },
  analysis: { lotty: ["domain", "stats"], thirdParty: [], node: false },
  outage: { lotty: ["domain"], thirdParty: [], node: false },
  decisions: { lotty: ["domain", "engine", "outage"], thirdParty: [], node: false },
  definitions: { lotty: ["domain", "dsl", "metrics"], thirdParty: ["uuid", "yaml"], node: false },
  "value-schemas": { lotty: ["domain", "engine"], thirdParty: ["ajv", "re2js"], node: false },
  events: { lotty: ["domain", "outage", "value-schemas"], thirdParty: [], node: false },
  "control-plane": {
    lotty: ["domain", "dsl", "engine", "definitions", "metrics", "value-schemas"],
    thirdParty: [],
    node: false,
  },
  guardrails: { lotty: ["domain", "stats", "control-plane"], thirdParty: ["pure-rand"], node: false },
  contracts: {
    lotty: ["domain", "engine", "decisions", "definitions", "identity", "control-plane", "events", "analysis"],
    thirdParty: ["zod"],
    node: false,
  },
  certificate: { lotty: ["domain", "engine", "stats"], thirdParty: [], node: false },
  learnings: { lotty: ["domain", "control-plane", "stats"], thirdParty: [], node: false },
  notifications: {
    lotty: ["domain", "control-plane"],
    thirdParty: ["ipaddr.js", "standardwebhooks"],
    node: true,
  },
  config: { lotty: ["domain"], thirdParty: ["zod"], node: true },
  persistence: { lotty: ["domain", "identity"], thirdParty: ["@electric-sql/pglite", "knex", "pg"], node: true },
  cache: { lotty: ["domain"], thirdParty: ["ioredis", "lru-cache"], node: true },
  spool: { lotty: ["domain"], thirdParty: [], node: true },
  duckdb: { lotty: ["domain"], thirdParty: ["@duckdb/node-api", "zod"], node: true },
  identity: { lotty: ["domain"], thirdParty: [], node: true },
  runtime: {
    lotty: [
      "domain",
      "dsl",
      "engine",
      "decisions",
      "outage",
      "metrics",
      "notifications",
      "persistence",
      "cache",
      "spool",
      "duckdb",
      "config",
      "analysis",
      "learnings",
      "certificate",
      "control-plane",
      "events",
      "guardrails",
      "analysis",
      "value-schemas",
    ],
    thirdParty: ["pino", "prom-client", "uuid"],
    node: true,
  },
  testkit: { lotty: ["domain"], thirdParty: ["fast-check", "ioredis", "pg", "vitest"], node: true },
  api: { lotty: APP, thirdParty: ["express", "helmet", "pino-http", "rate-limiter-flexible", "zod"], node: true },
  worker: { lotty: APP, thirdParty: ["prom-client"], node: true },
  cli: { lotty: [...APP, "stats"], thirdParty: ["commander", "zod"], node: true },
};

/** Packages that only tests and tooling may use: they appear in `devDependencies` alone. */
export const DEVELOPMENT_ONLY = ["testkit", "test-servers"];
