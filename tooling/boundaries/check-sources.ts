import { basename } from "node:path";
import { isTest, type SourceFile, type Violation, type WorkspacePackage } from "./workspace.ts";

/** Names that say nothing about what is inside. */
const EMPTY_NAMES = new Set(["utils", "util", "helpers", "helper", "common", "misc", "manager", "shared", "lib"]);

/** A declaration that other files can import. */
const EXPORTED = /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|interface|type|const|let) (\w+)/;

/** Finds sources that are not written as the house writes them. */
export function checkSources(workspace: readonly WorkspacePackage[]): readonly Violation[] {
  return workspace.flatMap((pack) => [
    ...readmeFaults(pack),
    ...pack.sources.flatMap((source) =>
      [...sourceFaults(source), ...undocumented(source, publicNames(pack))].map((message) => ({
        place: `${pack.folder}/${source.path}`,
        message,
      })),
    ),
  ]);
}

function readmeFaults({ folder, manifest, readme }: WorkspacePackage): readonly Violation[] {
  const start = `# ${manifest.name}: `;
  const first = readme?.split("\n", 1)[0] ?? "";
  if (first.startsWith(start) && first.length > start.length) return [];
  return [{ place: `${folder}/README.md`, message: `has to begin with "${start}<what it is for>"` }];
}

function sourceFaults(source: SourceFile): readonly string[] {
  const faults: string[] = [];
  const names = source.path.split("/").map((part) => basename(part, ".ts").replace(/\.(integration\.)?test$/, ""));
  const empty = names.find((name) => EMPTY_NAMES.has(name));
  if (empty !== undefined) faults.push(`is called "${empty}", which does not say what is inside`);
  if (/^export \* from/m.test(source.text)) faults.push("exports everything of another module; list the names");
  if (!isTest(source) && /@(?:param|returns?|throws) *\{/.test(source.text)) {
    faults.push("repeats types in its documentation comments");
  }
  return faults;
}

/** Tells which exported names others can reach: those that index.ts lists; without one, all of a package's, none of an app's. */
function publicNames({ folder, sources }: WorkspacePackage): (name: string) => boolean {
  const index = sources.find(({ path }) => path === "src/index.ts");
  if (index === undefined) return () => folder.startsWith("packages/");
  const listed = new Set(index.text.match(/\w+/g));
  return (name) => listed.has(name);
}

function undocumented(source: SourceFile, isPublic: (name: string) => boolean): readonly string[] {
  if (isTest(source)) return [];
  const lines = source.text.split("\n");
  const documented = new Set<string>();
  const faults: string[] = [];
  for (const [index, line] of lines.entries()) {
    const name = EXPORTED.exec(line)?.[1];
    if (name === undefined || !isPublic(name)) continue;
    // Overloads follow the first one, which has the comment.
    if (lines[index - 1]?.trimEnd().endsWith("*/") === true) documented.add(name);
    else if (!documented.has(name)) faults.push(`exports ${name} without a documentation comment`);
  }
  return faults;
}
