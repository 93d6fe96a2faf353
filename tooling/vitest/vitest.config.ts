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
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "tooling/*/**/*.test.ts"],
  },
});
