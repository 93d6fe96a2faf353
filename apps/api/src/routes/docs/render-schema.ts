import type { JsonObject, JsonValue } from "@lotty/domain";
import { listOf, objectOf, textOf } from "./json-parts.ts";
import { type Content, markup, type Markup, prose } from "./markup.ts";

/** What a schema takes, in a few words with links to named schemas. */
export function renderType(schema: JsonValue | undefined): Content {
  const { $ref, anyOf, const: only, enum: choices, items, oneOf = anyOf, type } = objectOf(schema);
  if (typeof $ref === "string") return link($ref);
  if (oneOf !== undefined) return joined(listOf(oneOf).map(renderType), " or ");
  if (only !== undefined) return markup`<code>${JSON.stringify(only)}</code>`;
  if (Array.isArray(choices))
    return joined(
      choices.map((choice) => markup`<code>${JSON.stringify(choice)}</code>`),
      ", ",
    );
  if (type === "array") return ["list of ", renderType(items)];
  const name = typeof type === "string" ? type : listOf(type).map(textOf).join(" or ") || "anything";
  return [name, boundsOf(objectOf(schema))];
}

function boundsOf({ format, maxItems, maxLength, maximum, minLength, minimum }: JsonObject): string {
  const bounds = [
    ...(typeof format === "string" ? [format] : []),
    ...range(minimum, maximum, ""),
    ...range(minLength, maxLength, " characters"),
    ...(typeof maxItems === "number" ? [`at most ${maxItems}`] : []),
  ];
  return bounds.length === 0 ? "" : ` (${bounds.join("; ")})`;
}

function range(from: JsonValue | undefined, to: JsonValue | undefined, unit: string): readonly string[] {
  const least =
    typeof from === "number" && Number.isSafeInteger(from) && from > Number.MIN_SAFE_INTEGER ? from : undefined;
  const most = typeof to === "number" && to < Number.MAX_SAFE_INTEGER ? to : undefined;
  if (least === undefined && most === undefined) return [];
  return [`${least ?? "up"} to ${most ?? "any"}${unit}`];
}

function link(ref: string): Markup {
  const name = ref.slice(ref.lastIndexOf("/") + 1);
  return markup`<a href="${`#schema-${name}`}">${name}</a>`;
}

function joined(contents: readonly Content[], separator: string): Content {
  return contents.map((content, index) => (index === 0 ? content : [separator, content]));
}

/** A named schema with its fields. */
export function renderSchema(name: string, schema: JsonObject): Markup {
  const { anyOf, description, oneOf = anyOf } = schema;
  const kinds = oneOf === undefined ? [schema] : listOf(oneOf);
  return markup`<section id="${`schema-${name}`}"><h3>${name}</h3>
<p>${prose(textOf(description))}</p>
${kinds.map((kind) => (objectOf(kind)["properties"] === undefined ? markup`<p>${renderType(kind)}</p>` : fieldsOf(objectOf(kind))))}
</section>`;
}

function fieldsOf({ properties, required }: JsonObject): Markup {
  const names = listOf(required);
  const rows = Object.entries(objectOf(properties)).map(([name, field]) => {
    const says = prose(textOf(objectOf(field)["description"]));
    return markup`<tr><th scope="row"><code>${name}</code></th><td>${renderType(field)}</td><td>${
      names.includes(name) ? "required" : ""
    }</td><td>${says}</td></tr>`;
  });
  return markup`<table><tbody>${rows}</tbody></table>`;
}
