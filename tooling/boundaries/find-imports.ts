import { parseAst } from "vitest/node";

/** Node types whose `source` names a module. `TSImportType` is `import("module").Name` in a type. */
const WITH_SOURCE = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

/** Calls that load a module whose name is their first argument. */
const LOADING_CALLS = new Set(["require", "import.meta.resolve"]);

/**
 * The module names that a TypeScript source mentions: imports and exports, of types too, dynamic imports, `require` and
 * `import.meta.resolve`. Linear in the size of the source.
 *
 * @throws SyntaxError when the source does not parse
 */
export function findImports(text: string): readonly string[] {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (!isNode(node)) return;
    const module = WITH_SOURCE.has(node.type) ? literal(node["source"]) : calledWith(node);
    if (module !== undefined) found.add(module);
    Object.values(node).forEach(visit);
  };
  visit(parseAst(text, { lang: "ts" }));
  return [...found];
}

type SyntaxNode = Readonly<Record<string, unknown>> & { readonly type: string };

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function literal(node: unknown): string | undefined {
  if (!isNode(node) || node.type !== "Literal") return undefined;
  return typeof node["value"] === "string" ? node["value"] : undefined;
}

function calledWith(node: SyntaxNode): string | undefined {
  if (node.type !== "CallExpression" || !LOADING_CALLS.has(dottedName(node["callee"]))) return undefined;
  return Array.isArray(node["arguments"]) ? literal(node["arguments"][0]) : undefined;
}

function dottedName(node: unknown): string {
  if (!isNode(node)) return "";
  if (node.type === "Identifier") return String(node["name"]);
  if (node.type === "MetaProperty") return "import.meta";
  if (node.type === "MemberExpression") return `${dottedName(node["object"])}.${dottedName(node["property"])}`;
  return "";
}
