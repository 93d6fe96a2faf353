/** The parts of a package.json that are checked. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A TypeScript file of a package. */
export interface SourceFile {
  /** From the package's folder, with slashes: `src/bucket.ts`. */
  readonly path: string;
  readonly text: string;
}

/** A package as it lies in the repository. */
export interface WorkspacePackage {
  /** From the repository's root: `packages/engine`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** `undefined` when there is none. */
  readonly readme: string | undefined;
  readonly sources: readonly SourceFile[];
}

/** Something that breaks a rule of the house. */
export interface Violation {
  /** Where, from the repository's root. */
  readonly place: string;
  readonly message: string;
}

/** The scope of our own packages. */
export const SCOPE = "@lotty/";

/** A package's name without its scope, as the rules use it. */
export function shortName(manifest: Manifest): string {
  return manifest.name.startsWith(SCOPE) ? manifest.name.slice(SCOPE.length) : manifest.name;
}

/** Whether a file is a test or belongs to tests, and so may use what only development needs. Neither is built or published. */
export function isTest(source: SourceFile): boolean {
  return source.path.endsWith(".test.ts") || source.path.startsWith("src/testing/");
}
