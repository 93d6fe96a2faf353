import { describeLifeOfAnExperiment } from "../../testing/life-of-an-experiment.ts";
import { serveControl } from "../../testing/serve-control.ts";

describeLifeOfAnExperiment("in memory", async () => {
  const server = await serveControl();
  return {
    url: server.url,
    admin: await server.person("root", ["admin"]),
    experimenter: await server.person("eve", ["experimenter"]),
    approver: await server.person("ann", ["approver"]),
    close: () => server.close(0),
  };
});
