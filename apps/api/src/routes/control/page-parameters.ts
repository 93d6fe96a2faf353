import {
  cursorSchema,
  DEFAULT_PAGE_SIZE,
  MAX_PAGE_SIZE,
  type OperationParameter,
  pageSizeSchema,
} from "@lotty/contracts";

/** The parameters of a page of a list. */
export const PAGE_PARAMETERS: readonly OperationParameter[] = [
  {
    name: "limit",
    in: "query",
    description: `Most things on the page: 1 to ${MAX_PAGE_SIZE}, ${DEFAULT_PAGE_SIZE} when left out.`,
    schema: pageSizeSchema,
  },
  { name: "cursor", in: "query", description: "`next_cursor` of the page before.", schema: cursorSchema },
];
