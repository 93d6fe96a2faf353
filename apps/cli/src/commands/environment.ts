import type { EnvironmentResponse } from "@lotty/contracts";
import { LottyError } from "@lotty/domain";
import type { Command } from "commander";
import type { EnvironmentSource } from "../control/environment-source.ts";
import { addApiOptions, apiOf, type ApiOptions } from "../profiles/api-options.ts";
import { apiClient } from "../sources/api-client.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import { printJson, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { show } from "./show.ts";

const EXAMPLES = `
Examples:
  $ lotty environment add staging
  $ lotty flag enable checkout-button-colour --environment staging
  $ lotty key make ci --environment staging

Without --environment or LOTTY_ENVIRONMENT, commands work in the environment of the API key, or in production.`;

/** `lotty environment`: keeps environments. */
export function addEnvironmentCommands(program: Command, { terminal }: CommandContext): void {
  const environment = program
    .command("environment")
    .summary("list, add, archive or remove environments")
    .description("Keep environments: places where flags have a state of their own. There is production from the start.")
    .addHelpText("after", EXAMPLES);
  const command = (name: string, description: string): Command =>
    addApiOptions(environment.command(name).description(description)).option(
      "--json",
      "print JSON, as the API answers",
    );
  command("list", "Show all environments.").action(async (options: ApiOptions) => {
    const environments = await withEnvironments(terminal, options, (source) => source.list());
    await show(terminal, options, { json: { environments }, text: () => environments.map(lineOf).join("\n") });
  });
  command("add", "Make an environment, in which every flag is switched off.")
    .argument("<key>", "lower-case letters, digits and hyphens; it is for ever")
    .action((key: string, options: ApiOptions) => shown(terminal, options, (source) => source.create(key)));
  for (const [action, description] of [
    ["archive", "Put an environment away: nothing is decided in it any more."],
    ["unarchive", "Take an environment out of the archive."],
  ] as const) {
    command(action, description)
      .argument("<key>")
      .action((key: string, options: ApiOptions) =>
        shown(terminal, options, async (source) => source.act((await named(source, key)).id, action)),
      );
  }
  command("remove", "Remove an archived environment in which nothing was decided.")
    .argument("<key>")
    .action(async (key: string, options: ApiOptions) => {
      await withEnvironments(terminal, options, async (source) => source.remove((await named(source, key)).id));
      await (options.json === true ? printJson(terminal, { removed: key }) : say(terminal, `Removed ${key}.`));
    });
}

async function shown(
  terminal: Terminal,
  options: ApiOptions,
  work: (source: EnvironmentSource) => Promise<EnvironmentResponse>,
): Promise<void> {
  const environment = await withEnvironments(terminal, options, work);
  await show(terminal, options, { json: environment, text: () => lineOf(environment) });
}

async function named(source: EnvironmentSource, key: string): Promise<EnvironmentResponse> {
  const found = (await source.list()).find((each) => each.key === key);
  if (found !== undefined) return found;
  throw new LottyError("not_found", `there is no environment ${JSON.stringify(key)}`);
}

function lineOf({ archived_at, key }: EnvironmentResponse): string {
  return archived_at === null ? key : `${key}  archived ${archived_at}`;
}

async function withEnvironments<T>(
  terminal: Terminal,
  options: ApiOptions,
  work: (source: EnvironmentSource) => Promise<T>,
): Promise<T> {
  // Loaded here, so that commands that need no database do not wait for one.
  const { httpEnvironments, localEnvironments } = await import("../control/environment-source.ts");
  const api = await apiOf(terminal, options);
  if (api !== undefined) return work(httpEnvironments(apiClient(api.url, api.key)));
  return withRuntime(terminal, (runtime) => work(localEnvironments(runtime)));
}
