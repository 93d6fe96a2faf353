import type { JsonObject, JsonValue } from "@lotty/domain";
import { listOf, objectOf, textOf } from "./json-parts.ts";
import { type Content, markup, type Markup, prose } from "./markup.ts";
import { renderSchema, renderType } from "./render-schema.ts";

/**
 * The page that shows an OpenAPI document as `buildOpenApiDocument` makes it. Complete as it comes from the server: it has no
 * scripts, so nothing has to be trusted to run in it, and it names no other host.
 *
 * @param stylePath where its style sheet is
 */
export function renderPage(document: JsonObject, stylePath: string): string {
  const { components, info, paths } = document;
  const operations = operationsOf(objectOf(paths));
  const schemas = Object.entries(objectOf(objectOf(components)["schemas"]));
  const title = textOf(objectOf(info)["title"]);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}: HTTP API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${stylePath}">
</head>
<body>
<nav aria-label="Operations">${[...Map.groupBy(operations, ({ tag }) => tag)].map(([tag, some]) => navigation(tag, some))}
<h2><a href="#schemas">Schemas</a></h2></nav>
<main>
<h1>${title}: HTTP API</h1>
<p>${prose(textOf(objectOf(info)["description"]))}</p>
<p>The same for programs: <a href="/openapi.json">OpenAPI 3.1</a>.</p>
${operations.map(renderOperation)}
<h2 id="schemas">Schemas</h2>
${schemas.map(([name, schema]) => renderSchema(name, objectOf(schema)))}
</main>
</body>
</html>
`;
  return page.html;
}

interface ShownOperation {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly operation: JsonObject;
}

function operationsOf(paths: JsonObject): readonly ShownOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(objectOf(item)).map(([method, value]) => {
      const operation = objectOf(value);
      return { method: method.toUpperCase(), path, operation, tag: textOf(listOf(operation["tags"])[0]) };
    }),
  );
}

function navigation(tag: string, operations: readonly ShownOperation[]): Markup {
  const links = operations.map(
    ({ method, operation, path }) =>
      markup`<li><a href="${`#${textOf(operation["operationId"])}`}"><b>${method}</b> ${path}</a></li>`,
  );
  return markup`<h2>${tag}</h2><ul>${links}</ul>`;
}

function renderOperation({ method, operation, path }: ShownOperation): Markup {
  const { description, operationId, parameters, requestBody, responses, security, summary } = operation;
  const request = requestBody === undefined ? "" : markup`<h4>Body</h4><p>${contentOf(objectOf(requestBody))}</p>`;
  const answers = Object.entries(objectOf(responses)).map(([status, each]) => {
    const answer = objectOf(each);
    const says = prose(textOf(answer["description"]));
    return markup`<tr><th scope="row">${status}</th><td>${says}</td><td>${contentOf(answer)}</td></tr>`;
  });
  return markup`<section id="${textOf(operationId)}">
<h3><b>${method}</b> <code>${path}</code></h3>
<p>${prose(textOf(summary))}${typeof description === "string" ? [". ", prose(description)] : ""}</p>
<p>${accessOf(listOf(security))}</p>
${parametersOf(listOf(parameters))}${request}
<h4>Answers</h4><table><tbody>${answers}</tbody></table>
</section>`;
}

/** Of the ways to show who one is, keys and sessions ask for all there is to ask for. */
function accessOf(security: readonly JsonValue[]): Markup {
  const wanted = (way: string): string =>
    security.map((each) => textOf(listOf(objectOf(each)[way])[0])).find((name) => name !== "") ?? "";
  return security.length === 0
    ? markup`For everybody.`
    : prose(`For keys with the scope \`${wanted("bearer")}\` and people with the role \`${wanted("session")}\`.`);
}

function parametersOf(parameters: readonly JsonValue[]): Content {
  if (parameters.length === 0) return "";
  const rows = parameters.map((each) => {
    const parameter = objectOf(each);
    const says = prose(textOf(parameter["description"]));
    return markup`<tr><th scope="row"><code>${textOf(parameter["name"])}</code></th><td>${textOf(parameter["in"])}</td><td>${
      parameter["required"] === true ? "required" : ""
    }</td><td>${says}</td></tr>`;
  });
  return markup`<h4>Parameters</h4><table><tbody>${rows}</tbody></table>`;
}

function contentOf({ content }: JsonObject): Content {
  return Object.entries(objectOf(content)).map(
    ([mediaType, about]) => markup`<code>${mediaType}</code> ${renderType(objectOf(about)["schema"])}`,
  );
}
