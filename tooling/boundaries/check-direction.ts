import { builtinModules } from "node:module";
import { posix } from "node:path";
import { findImports } from "./find-imports.ts";
import { DEVELOPMENT_ONLY, RULES, type PackageRule } from "./rules.ts";
import { isTest, SCOPE, shortName, type SourceFile, type Violation, type WorkspacePackage } from "./workspace.ts";

/** Finds every dependency and every import that points where the rules do not allow it. */
export function checkDirection(workspace: readonly WorkspacePackage[]): readonly Violation[] {
  return workspace.flatMap((pack) => {
    const rule = RULES[shortName(pack.manifest)];
    if (rule === undefined) {
      return [{ place: pack.folder, message: `has no rule in tooling/boundaries/rules.ts` }];
    }
    return [...checkManifest(pack, rule), ...pack.sources.flatMap((source) => checkSource(pack, source, rule))];
  });
}

function checkManifest(pack: WorkspacePackage, rule: PackageRule): readonly Violation[] {
  const { dependencies = {}, peerDependencies = {}, optionalDependencies = {}, devDependencies = {} } = pack.manifest;
  const place = `${pack.folder}/package.json`;
  const needed = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  const violations = needed
    .filter((name) => !allows(rule, name))
    .map((name) => ({ place, message: `may not depend on ${name}` }));
  const forDevelopment = Object.keys(devDependencies)
    .filter((name) => name.startsWith(SCOPE) && !allows(rule, name) && !isDevelopmentOnly(name))
    .map((name) => ({ place, message: `may not depend on ${name}, not even for development` }));
  return [...violations, ...forDevelopment];
}

function checkSource(pack: WorkspacePackage, source: SourceFile, rule: PackageRule): readonly Violation[] {
  const place = `${pack.folder}/${source.path}`;
  return findImports(source.text)
    .map((module) => fault(pack, source, { rule, module }))
    .filter((message) => message !== undefined)
    .map((message) => ({ place, message }));
}

function fault(
  pack: WorkspacePackage,
  source: SourceFile,
  { rule, module }: { readonly rule: PackageRule; readonly module: string },
): string | undefined {
  if (module.startsWith("."))
    return leavesPackage(source, module) ? `imports ${module}, outside its package` : undefined;
  if (module.startsWith("#")) return undefined;
  if (isNodeModule(module)) return isTest(source) || mayUseNode(rule, source) ? undefined : `may not import ${module}`;
  const name = packageName(module);
  if (isTest(source)) {
    const known = allows(rule, name) || isDevelopmentOnly(name) || (isDeclared(pack, name) && !name.startsWith(SCOPE));
    return known ? undefined : `may not import ${name}, not even in a test`;
  }
  return allows(rule, name) ? undefined : `may not import ${name}`;
}

function allows(rule: PackageRule, name: string): boolean {
  return name.startsWith(SCOPE) ? rule.lotty.includes(name.slice(SCOPE.length)) : rule.thirdParty.includes(name);
}

function isDevelopmentOnly(name: string): boolean {
  return name.startsWith(SCOPE) && DEVELOPMENT_ONLY.includes(name.slice(SCOPE.length));
}

function isDeclared({ manifest }: WorkspacePackage, name: string): boolean {
  return name in { ...manifest.dependencies, ...manifest.devDependencies };
}

function mayUseNode(rule: PackageRule, source: SourceFile): boolean {
  return typeof rule.node === "boolean" ? rule.node : rule.node.includes(source.path);
}

function isNodeModule(module: string): boolean {
  return module.startsWith("node:") || builtinModules.includes(module);
}

function leavesPackage(source: SourceFile, module: string): boolean {
  return posix.join(posix.dirname(source.path), module).startsWith("..");
}

/** The package that a module name is in: `@scope/name/part` gives `@scope/name`. */
function packageName(module: string): string {
  return module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");
}
