import type { IToken, TokenType } from "chevrotain";
import type { Finding } from "./diagnostics.ts";
import { expectationAfter, type Expectation } from "./token-kind.ts";
import { tokenLike } from "./token-span.ts";
import { LeftBracket, LeftParen, RightBracket, RightParen } from "./tokens.ts";

/** Tokens on their way from how they were written to how they were probably meant. */
export class RepairState {
  readonly output: IToken[] = [];
  readonly findings: Finding[] = [];
  /** Parentheses and brackets that are open, outermost first. */
  readonly open: IToken[] = [];
  private readonly input: readonly IToken[];
  private index = 0;

  constructor(input: readonly IToken[]) {
    this.input = input;
  }

  /** The token to deal with, or one after it. */
  peek(ahead = 0): IToken | undefined {
    return this.input[this.index + ahead];
  }

  /** Leaves tokens out. */
  drop(count = 1): void {
    this.index += count;
  }

  /** Takes the next token as it is. */
  accept(): void {
    const token = this.peek();
    if (token !== undefined) this.emit(token);
    this.drop();
  }

  /** Takes the next tokens as one of another type. */
  replace(type: TokenType, count = 1): void {
    const token = this.peek();
    if (token !== undefined) this.emit(tokenLike(type, token.image, token.startOffset));
    this.drop(count);
  }

  /** Puts in a token that is not there. */
  insert(type: TokenType, offset: number): void {
    this.emit(tokenLike(type, "", offset));
  }

  report(finding: Finding): void {
    this.findings.push(finding);
  }

  get expected(): Expectation {
    return expectationAfter(this.output);
  }

  get inList(): boolean {
    return this.open.at(-1)?.tokenType === LeftBracket;
  }

  private emit(token: IToken): void {
    const type = token.tokenType;
    if (type === LeftParen || type === LeftBracket) this.open.push(token);
    if (type === RightParen || type === RightBracket) this.open.pop();
    this.output.push(token);
  }
}

/** Deals with the next tokens if they are the mistake it knows; tells whether it did. Takes at least one token, or inserts one. */
export type Repair = (state: RepairState) => boolean;
