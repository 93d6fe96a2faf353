import type { IParserErrorMessageProvider } from "chevrotain";

/**
 * The parser's own messages are for grammar authors. Its exceptions carry the place but not what was expected there,
 * so the message is used to pass that on; `syntax-faults.ts` writes the words.
 */
export const parserMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.name,
  buildNotAllInputParsedMessage: () => "end",
  buildNoViableAltMessage: () => "",
  buildEarlyExitMessage: () => "",
};
