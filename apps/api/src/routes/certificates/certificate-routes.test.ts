import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { sampleCertificate } from "@lotty/testkit/suites/launch-certificates";
import { afterAll, beforeAll, expect, it } from "vitest";
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

it("shows the certificate that was computed last, and whether it is about the experiment as it is", async () => {
  const flag = await eve.ask("POST", "/v1/flags", { body: { key: "f", type: "boolean", default: false } });
  const { id: flagId } = flag.body as { readonly id: string };
  const made = await eve.ask("POST", "/v1/experiments", { body: { key: "x", flag_id: flagId } });
  const { id } = made.body as { readonly id: string };
  const path = `/v1/experiments/${id}/certificate`;
  expect((await vic.ask("GET", path)).status).toBe(404);
  expect(await vic.ask("GET", `/v1/experiments/${id}/reviews`)).toMatchObject({ body: { certificate: null } });
  const certificate = sampleCertificate(id, { verdict: "failed", planHash: "ab".repeat(32), planVersion: 2 });
  server.controlStore.certificates.put(DEFAULT_ENVIRONMENT_ID, [certificate]);
  expect(await vic.ask("GET", path)).toMatchObject({
    status: 200,
    body: { current: true, verdict: "failed", plan_version: 2, checks: [{ kind: "allocation_buckets", numbers: {} }] },
  });
  const reviews = `/v1/experiments/${id}/reviews`;
  expect(await vic.ask("GET", reviews)).toMatchObject({
    body: { reviews: [], certificate: { current: true, verdict: "failed", checks: [{ kind: "allocation_buckets" }] } },
  });
  const outdated = sampleCertificate(id, {
    contentVersion: 7,
    experimentVersion: 7,
    computedAt: certificate.computedAt + 1,
  });
  server.controlStore.certificates.put(DEFAULT_ENVIRONMENT_ID, [outdated]);
  expect(await vic.ask("GET", path)).toMatchObject({ body: { current: false, verdict: "passed" } });
  expect(await vic.ask("GET", reviews)).toMatchObject({ body: { certificate: { current: false, verdict: "passed" } } });
});
