import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { sampleLearning } from "@lotty/testkit/suites/learnings";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PersonForTest } from "../../testing/person-for-test.ts";
import { type ServedControl, serveControl } from "../../testing/serve-control.ts";

let server: ServedControl;
let eve: PersonForTest;
let vic: PersonForTest;

beforeAll(async () => {
  server = await serveControl();
  eve = await server.person("eve", ["experimenter"]);
  vic = await server.person("vic", ["viewer"]);
});
afterAll(() => server.close(0));

describe("/v1/learnings", () => {
  it("are found, edited and summed up", async () => {
    const effect = { metricId: "m", metricKey: "orders", variant: "green", isPrimary: true, higherIsBetter: true };
    const won = sampleLearning({
      hypothesis: "green sells",
      outcome: "rollout_winner",
      winner: "green",
      effects: [{ ...effect, lift: 0.05, se: 0.01, low: 0.03, high: 0.07 }],
    });
    const lost = sampleLearning({ hypothesis: "blue sells", comment: "It did not.", completedAt: won.completedAt + 1 });
    server.controlStore.learnings.put(DEFAULT_ENVIRONMENT_ID, [won, lost]);

    const newest = await vic.ask("GET", "/v1/learnings?limit=1");
    expect(newest.body).toMatchObject({ learnings: [{ id: lost.id }], next_cursor: expect.any(String) });
    const { next_cursor: cursor } = newest.body as { readonly next_cursor: string };
    expect(await vic.ask("GET", `/v1/learnings?limit=1&cursor=${cursor}`)).toMatchObject({
      body: { learnings: [{ id: won.id }], next_cursor: null },
    });
    expect(await vic.ask("GET", "/v1/learnings?q=green")).toMatchObject({ body: { learnings: [{ id: won.id }] } });
    expect(await vic.ask("GET", "/v1/learnings?outcome=rollback")).toMatchObject({ body: { learnings: [] } });
    expect((await vic.ask("GET", "/v1/learnings?outcome=fun")).status).toBe(400);

    const path = `/v1/learnings/${won.id}`;
    const found = await vic.ask("GET", path);
    expect(found).toMatchObject({
      status: 200,
      body: { winner: "green", effects: [{ lift: 0.05, is_primary: true }] },
    });
    expect(found.headers.get("etag")).toBe('"1"');
    expect(await vic.ask("GET", `${path}/similar`)).toMatchObject({
      status: 200,
      body: { learnings: [{ id: lost.id }] },
    });
    expect((await vic.ask("GET", `/v1/learnings/${DEFAULT_ENVIRONMENT_ID}/similar`)).status).toBe(404);

    const edit = { body: { notes: "Also on phones.", tags: ["colour"] }, ifMatch: 1 };
    expect((await vic.ask("PATCH", path, edit)).status).toBe(403);
    expect(await eve.ask("PATCH", path, edit)).toMatchObject({ status: 200, body: { ...edit.body, version: 2 } });
    expect((await eve.ask("PATCH", path, edit)).status).toBe(412);
    expect((await eve.ask("PATCH", path, { body: { comment: "rewritten" }, ifMatch: 2 })).status).toBe(400);

    expect(await vic.ask("GET", "/v1/learnings/summary")).toMatchObject({
      status: 200,
      body: {
        learnings: 2,
        outcomes: { rollout_winner: 1, rollback: 0, no_effect: 1 },
        win_rate: { rate: 0.5 },
        months: [{ month: "2026-03", learnings: 2, wins: 1 }],
        effects: { each: [{ learning_id: won.id, lift: 0.05, shrunk: 0.05 }] },
      },
    });
  });
});
