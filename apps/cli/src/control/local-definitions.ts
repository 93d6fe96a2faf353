import { type DefinitionsResponse, presentDifference } from "@lotty/contracts/definitions";
import type { DefinitionsChange } from "@lotty/control-plane";
import type { DefinitionsSource } from "./control-source.ts";
import { done, type LocalControl } from "./local-control.ts";

/** Files that change a database, and the file that tells what is in it. */
export function localDefinitions({ command, definitions: control }: LocalControl): DefinitionsSource {
  return {
    plan: async ({ definitions, prune }) => shown(await done(control.plan({ ...command, definitions, prune })), false),
    apply: async ({ definitions, prune }, expectedRevision) => {
      const outcome = await control.apply({ ...command, definitions, prune, expectedRevision });
      const change = await done(Promise.resolve(outcome));
      return shown({ ...change, ...(outcome.status === "done" && { revision: outcome.revision }) }, true);
    },
    export: async (form) => (await done(control.export({ ...command, form }))).text,
  };
}

function shown({ differences, revision }: DefinitionsChange, applied: boolean): DefinitionsResponse {
  return { applied, revision, differences: differences.map(presentDifference) };
}
