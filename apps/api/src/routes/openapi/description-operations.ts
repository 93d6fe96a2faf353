import { ifNoneMatchParameter, openApiDocumentSchema, type Operation } from "@lotty/contracts";

const NOT_MODIFIED = { description: "It is what the caller has." };
const TAGS = ["Description"];

/** What the description of the API says about `GET /openapi.json`. */
export const DOCUMENT_OPERATION: Operation = {
  id: "describeApi",
  summary: "This description",
  tags: TAGS,
  parameters: [ifNoneMatchParameter],
  answers: { 200: { description: "An OpenAPI 3.1 document.", schema: openApiDocumentSchema }, 304: NOT_MODIFIED },
};

/** What the description of the API says about `GET /docs`. */
export const PAGE_OPERATION: Operation = {
  id: "showDescription",
  summary: "This description as a page",
  tags: TAGS,
  parameters: [ifNoneMatchParameter],
  answers: { 200: { description: "A page without scripts.", mediaType: "text/html" }, 304: NOT_MODIFIED },
};

/** What the description of the API says about `GET /docs/style.css`. */
export const STYLE_OPERATION: Operation = {
  id: "styleDescription",
  summary: "The style of that page",
  tags: TAGS,
  parameters: [ifNoneMatchParameter],
  answers: { 200: { description: "A style sheet.", mediaType: "text/css" }, 304: NOT_MODIFIED },
};
