import type { Manifest, SourceFile, WorkspacePackage } from "./workspace.ts";

/** What a test says about a package; the rest is in order. */
export interface PackageTraits {
  readonly manifest?: Partial<Manifest>;
  /** Text of each source by its path. */
  readonly sources?: Readonly<Record<string, string>>;
  readonly readme?: string | undefined;
  readonly folder?: string;
}

/** A package in which everything is in order except for what a test puts into it. */
export function aPackage(name: string, traits: PackageTraits = {}): WorkspacePackage {
  const sources: readonly SourceFile[] = Object.entries(traits.sources ?? {}).map(([path, text]) => ({ path, text }));
  return {
    folder: traits.folder ?? `packages/${name}`,
    manifest: {
      name: `@lotty/${name}`,
      type: "module",
      license: "Apache-2.0",
      files: ["dist"],
      exports: {
        ".": { "@lotty/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
        "./package.json": "./package.json",
      },
      ...traits.manifest,
    },
    readme: "readme" in traits ? traits.readme : `# @lotty/${name}: an example\n`,
    sources,
  };
}
