import { describeConfigurationKeeper } from "../suites/configuration-keeper.ts";
import { MemoryConfigurationKeeper } from "./memory-configuration-keeper.ts";

describeConfigurationKeeper("in memory", async () => {
  const keeper = new MemoryConfigurationKeeper();
  return { keeper, reopen: async () => keeper, close: () => keeper.close() };
});
