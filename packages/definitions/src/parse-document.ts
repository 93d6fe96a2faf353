import { Composer, type CST, type Document, Parser } from "yaml";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { ProblemList } from "./problem-list.ts";

/**
 * Parses the text of a file as one YAML 1.2 document (JSON is a part of YAML 1.2). Depth is measured on the flat
 * tokens before anything recursive sees them.
 *
 * @returns the document, or `undefined` after adding problems
 */
export function parseDocument(text: string, problems: ProblemList): Document.Parsed | undefined {
  if (text.length > DEFINITION_LIMITS.maxCharacters) {
    const message = `the file is longer than ${DEFINITION_LIMITS.maxCharacters} characters`;
    problems.add(0, "", { message, hint: "split it: but then apply without --prune" });
    return undefined;
  }
  const tokens = [...new Parser().parse(text)];
  const deepAt = tokens.map(firstTooDeep).find((offset) => offset !== undefined);
  if (deepAt !== undefined) {
    const message = `lists and mappings are nested deeper than ${DEFINITION_LIMITS.maxDepth} levels`;
    problems.add(deepAt, "", { message });
    return undefined;
  }
  // Duplicate keys are found while reading: the parser compares every pair of keys, which takes hours on a hostile file.
  const options = { uniqueKeys: false, prettyErrors: false, resolveKnownTags: false, logLevel: "silent" } as const;
  const [document, second] = [...new Composer(options).compose(tokens, true, text.length)];
  if (second !== undefined) {
    problems.add(second.range[0], "", { message: "a file holds one document", hint: "remove the second `---`" });
  }
  for (const error of [...(document?.errors ?? []), ...(document?.warnings ?? [])]) {
    problems.add(error.pos[0], "", { message: `not well-formed YAML: ${error.message}` });
  }
  return problems.isEmpty ? document : undefined;
}

/** Offset of the first collection that lies too deep; walks with a stack of its own. */
function firstTooDeep(root: CST.Token): number | undefined {
  const waiting: { readonly token: CST.Token; readonly depth: number }[] = [{ token: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > DEFINITION_LIMITS.maxDepth) return token.offset;
    if (token.type === "document") {
      if (token.value) waiting.push({ token: token.value, depth });
    } else if ("items" in token) {
      for (const item of token.items) {
        if (item.key) waiting.push({ token: item.key, depth: depth + 1 });
        if (item.value) waiting.push({ token: item.value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}
