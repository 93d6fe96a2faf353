import { loadConfig } from "@lotty/config";
import type { Role } from "@lotty/domain";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { startApi } from "../../start-api.ts";
import { describeLifeOfAnExperiment, type LifeFixture } from "../../testing/life-of-an-experiment.ts";
import { PASSWORD } from "../../testing/people-for-test.ts";
import { logInForTest, type PersonForTest } from "../../testing/person-for-test.ts";
import { urlOf } from "../../welcome.ts";

/** Starts the API as `npm start` does, with an admin who adds the others. */
async function openLife(env: Readonly<Record<string, string>>): Promise<LifeFixture> {
  const loaded = loadConfig({ PORT: "0", LOTTY_DATA_DIR: "memory", ADMIN_PASSWORD: PASSWORD, ...env });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  const api = await startApi(loaded.config, new RecordingLogger());
  await api.ready;
  const url = urlOf(api.address);
  const admin = await logInForTest(url, { id: "", name: "admin" });
  const add = async (name: string, roles: readonly Role[]): Promise<PersonForTest> => {
    const { body } = await admin.ask("POST", "/v1/users", { body: { name, password: PASSWORD, roles } });
    return logInForTest(url, { id: (body as { readonly id: string }).id, name });
  };
  const experimenter = await add("eve", ["experimenter"]);
  const approver = await add("ann", ["approver"]);
  return { url, admin, experimenter, approver, close: () => api.close() };
}

describeLifeOfAnExperiment("on the embedded database", () => openLife({}));

describeLifeOfAnExperiment("on Postgres", async () => {
  const database = await createTestDatabase();
  const life = await openLife({ DATABASE_URL: database.url });
  return {
    ...life,
    close: async () => {
      await life.close();
      await database.drop();
    },
  };
});
