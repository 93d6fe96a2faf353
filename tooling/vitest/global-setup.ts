import { provideTestServers } from "../test-servers/provide-test-servers.ts";

/** Gives every test a Postgres and a Redis, unless the environment names them already. */
export default async function setup(): Promise<() => Promise<void>> {
  const servers = await provideTestServers();
  // Workers inherit the environment of this process.
  Object.assign(process.env, servers.env);
  return () => servers.stop();
}
