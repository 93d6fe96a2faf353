import { getClient, PollingMode } from "@configcat/sdk";

/** Percentage options behind three conditions; SHA-1 of key and user. */
export async function create(traffic) {
  const condition = (a, c, value) => ({ u: { a, c, ...value } });
  const config = {
    p: { u: "https://127.0.0.1:1", r: 0, s: "salt" },
    f: {
      flag: {
        t: 1,
        v: { s: "off" },
        i: "default",
        r: [
          {
            c: [
              condition("country", 0, { l: ["DE", "FR", "US"] }),
              condition("version", 15, { d: 200 }),
              condition("plan", 0, { l: ["pro"] }),
            ],
            p: [
              { p: traffic / 2, v: { s: "A" }, i: "a" },
              { p: traffic / 2, v: { s: "B" }, i: "b" },
              { p: 100 - traffic, v: { s: "off" }, i: "off" },
            ].filter(({ p }) => p > 0),
          },
        ],
      },
    },
  };
  const cached = `${Date.now()}\n"etag"\n${JSON.stringify(config)}`;
  const client = getClient("configcat-sdk-1/0000000000000000000000/0000000000000000000000", PollingMode.ManualPoll, {
    offline: true,
    cache: { get: () => cached, set: () => undefined },
  });
  await client.forceRefreshAsync();
  await client.waitForReady();
  const snapshot = client.snapshot();
  return {
    contextOf: ({ attributes, id }) => ({ identifier: id, custom: attributes }),
    decide: (context) => snapshot.getValue("flag", "off", context),
    close: () => client.dispose(),
  };
}
