// Entry of `npm start` and `npm test`. Runs before anything is installed and on any Node from 18, so this folder is plain
// JavaScript without dependencies. This file also has to parse on older versions: it only checks and hands over.
const OLDEST_NODE = 18;

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  console.error(
    "Lotty needs Node " + OLDEST_NODE + " or newer to start; this is " + process.version + ". See https://nodejs.org/.",
  );
  if (process.argv[2] === "test") console.log("0 passed, 1 failed");
  process.exit(1);
}

import("./tasks.mjs").then(
  ({ runTask }) => runTask(process.argv[2], process.argv.slice(3)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
