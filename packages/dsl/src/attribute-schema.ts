import type { AttributePath } from "@lotty/domain";
import { formatPath, pathFromText } from "./attribute-path.ts";
import { nearest } from "./did-you-mean.ts";

/** What an attribute holds. `semver` and `date` are texts that stand for a version or a point in time. */
export type AttributeType = "string" | "number" | "boolean" | "list" | "object" | "semver" | "date";

/**
 * The attributes that an application sends, by path as it is written in rules: `country`, `user.plan`,
 * `attributes["weird key"]`. An object without listed children may have any.
 */
export type AttributeSchema = Readonly<Record<string, AttributeType>>;

/** What a schema says about a path. `unknown` comes with the listed path that was probably meant. */
export type SchemaAnswer =
  | { readonly known: true; readonly type: AttributeType | undefined }
  | { readonly known: false; readonly meant: string | undefined };

/** A schema made ready to be asked. */
export class SchemaIndex {
  private readonly types = new Map<string, AttributeType>();
  /** Paths that lead to a listed one. */
  private readonly parents = new Set<string>();

  constructor(schema: AttributeSchema) {
    for (const [text, type] of Object.entries(schema)) {
      const path = pathFromText(text);
      this.types.set(formatPath(path), type);
      for (let length = 1; length < path.length; length += 1) this.parents.add(formatPath(path.slice(0, length)));
    }
  }

  /** What is known about a path; its type is `undefined` where anything goes. */
  ask(path: AttributePath): SchemaAnswer {
    const name = formatPath(path);
    const type = this.types.get(name);
    if (type !== undefined) return { known: true, type };
    if (this.parents.has(name)) return { known: true, type: "object" };
    for (let length = path.length - 1; length > 0; length -= 1) {
      const parent = formatPath(path.slice(0, length));
      if (this.types.get(parent) === "object" && !this.parents.has(parent)) return { known: true, type: undefined };
      if (this.types.has(parent) || this.parents.has(parent)) break;
    }
    return { known: false, meant: nearest(name, this.types.keys()) };
  }
}
