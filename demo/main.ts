import { parseArgs } from "node:util";
import { playLifeOfAnExperiment } from "./life-of-an-experiment.ts";

const USAGE = `Plays the life of an experiment as three people, on a Lotty that runs.

  npm run -s demo -- --password PASSWORD [--url http://127.0.0.1:8080]

PASSWORD is that of the person called admin.
`;

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:8080" },
    password: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help || values.password === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    await playLifeOfAnExperiment({ url: values.url.replace(/\/$/, ""), adminPassword: values.password, say });
    say("Everything was as it should be.");
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
