/** Checks the rules of the house that no other tool checks, and ends with code 1 when one is broken. */
import { fileURLToPath } from "node:url";
import { checkDirection } from "./check-direction.ts";
import { checkManifests } from "./check-manifests.ts";
import { checkSources } from "./check-sources.ts";
import { readWorkspace } from "./read-workspace.ts";

const workspace = readWorkspace(fileURLToPath(new URL("../..", import.meta.url)));
const violations = [checkDirection, checkManifests, checkSources].flatMap((check) => check(workspace));
for (const { place, message } of violations) console.error(`${place}: ${message}`);
const files = workspace.reduce((sum, { sources }) => sum + sources.length, 0);
console.log(`boundaries: ${workspace.length} packages, ${files} sources, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
