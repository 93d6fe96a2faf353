/** The servers that tests can ask for. */
export const TEST_SERVERS = ["postgres", "redis"] as const;

/** One of {@link TEST_SERVERS}. */
export type TestServer = (typeof TEST_SERVERS)[number];

/** What the keeper says once all servers run, or cannot. */
export type KeeperReport =
  | { readonly urls: Readonly<Partial<Record<TestServer, string>>> }
  | { readonly error: string };

/** Whether a text names a test server. */
export function isTestServer(text: string): text is TestServer {
  return TEST_SERVERS.some((name) => name === text);
}
