import {
  buildOpenApiDocument,
  environmentParameter,
  idempotencyKeyParameter,
  type Operation,
  type OperationParameter,
  type PlacedOperation,
} from "@lotty/contracts";
import type { JsonObject } from "@lotty/domain";
import type { Answer } from "../../http/answer.ts";
import { matchesEtag } from "../../http/etag.ts";
import type { Route, RouteHandler } from "../../routing/route.ts";
import { PAGE_STYLE } from "../docs/page-style.ts";
import { renderPage } from "../docs/render-page.ts";
import { contentEtag } from "./content-etag.ts";
import { DOCUMENT_OPERATION, PAGE_OPERATION, STYLE_OPERATION } from "./description-operations.ts";
import { OPERATIONS_ROUTES } from "./operations-routes.ts";

const STYLE_PATH = "/docs/style.css";

const FACTS = {
  title: "Lotty",
  version: "1",
  description:
    "Feature flags and experiments. Everything is JSON in UTF-8; errors are problems as RFC 9457 has them, with a stable `code`.",
};

/** The page runs no script and loads its own style only. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `GET /openapi.json` and the page at `/docs` that shows it, of these routes and of themselves. */
export function descriptionRoutes(described: readonly Route[]): readonly Route[] {
  // Made when first asked for: most processes never are.
  let made: JsonObject | undefined;
  const document = (): JsonObject => (made ??= buildOpenApiDocument(placed([...described, ...own]), FACTS));
  const json = once(() => JSON.stringify(document()));
  const page = once(() => renderPage(document(), STYLE_PATH));
  const access = { kind: "public" } as const;
  const own: readonly Route[] = [
    {
      method: "GET",
      path: "/openapi.json",
      access,
      operation: DOCUMENT_OPERATION,
      handler: lasting(json, { mediaType: "application/json" }),
    },
    {
      method: "GET",
      path: "/docs",
      access,
      operation: PAGE_OPERATION,
      handler: lasting(page, {
        mediaType: "text/html; charset=utf-8",
        headers: { "content-security-policy": PAGE_POLICY, "referrer-policy": "no-referrer" },
      }),
    },
    {
      method: "GET",
      path: STYLE_PATH,
      access,
      operation: STYLE_OPERATION,
      handler: lasting(() => PAGE_STYLE, { mediaType: "text/css; charset=utf-8" }),
    },
  ];
  return own;
}

function placed(routes: readonly Route[]): readonly PlacedOperation[] {
  return [
    ...routes.map(({ access, idempotent, method, operation, path }) => ({
      access,
      method,
      path,
      operation: withParameters(operation, [
        ...(access.kind === "scope" && access.everywhere !== true ? [environmentParameter] : []),
        ...(idempotent === true ? [idempotencyKeyParameter] : []),
      ]),
    })),
    ...OPERATIONS_ROUTES,
  ];
}

function withParameters(operation: Operation, added: readonly OperationParameter[]): Operation {
  return { ...operation, parameters: [...(operation.parameters ?? []), ...added] };
}

/** Answers with what stays the same as long as the process runs. */
function lasting(body: () => string, about: Pick<Answer, "mediaType" | "headers">): RouteHandler {
  return ({ request }) => {
    const text = body();
    const etag = contentEtag(text);
    const headers = { ...about.headers, etag, "cache-control": "no-cache" };
    return matchesEtag(request.headers["if-none-match"], etag)
      ? { status: 304, mediaType: null, body: "", headers }
      : { status: 200, mediaType: about.mediaType, body: text, headers };
  };
}

function once(make: () => string): () => string {
  let made: string | undefined;
  return () => (made ??= make());
}
