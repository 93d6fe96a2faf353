/**
 * Reads the address of a test server from the environment.
 *
 * @throws Error when the variable is not set, saying what sets it
 */
export function serverUrl(variable: string, server: string): string {
  const url = process.env[variable];
  if (url !== undefined && url !== "") return url;
  throw new Error(
    `${variable} is not set, so there is no ${server} to test against. "npm test" and ` +
      `"vitest run --config tooling/vitest/vitest.config.ts" start one and set it; to use your own, set it yourself.`,
  );
}
