import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Sources run as they are: packages resolve to their TypeScript through the `@lotty/source` export condition. */
const conditions = ["@lotty/source", "node", "default"];

export default defineConfig({
  root: repository,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    globalSetup: [fileURLToPath(new URL("global-setup.ts", import.meta.url))],
    // Vitest would leave one processor idle; the tests wait for servers and processes often enough to share all of them.
    maxWorkers: "100%",
    // Generous: a busy machine is no reason for a test to fail.
    testTimeout: 60_000,
    hookTimeout: 180_000,
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"],
      exclude: ["**/*.test.ts"],
      reportsDirectory: "coverage",
    },
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "tooling/*/**/*.test.ts"],
  },
});
