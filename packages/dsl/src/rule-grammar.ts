import type { AttributeClause, Rule, RuleLiteral } from "@lotty/domain";
import { EmbeddedActionsParser, type IRecognitionException, type IToken, type ParserMethod } from "chevrotain";
import { readPath } from "./attribute-path.ts";
import type { Finding } from "./diagnostics.ts";
import { RULE_LIMITS } from "./limits.ts";
import { literalFault, readLiteral } from "./literal-text.ts";
import { comparisonOperator, textOperator } from "./operators.ts";
import { parserMessages } from "./parser-messages.ts";
import { patternCost } from "./pattern.ts";
import type { NodeSpans } from "./rule-source.ts";
import type { TextSpan } from "./text-range.ts";
import { spanBetween, spanOf } from "./token-span.ts";
import {
  And,
  Between,
  Comma,
  ComparisonOperator,
  Contains,
  Exists,
  In,
  LeftBracket,
  LeftParen,
  Literal,
  Matches,
  Name,
  Not,
  Or,
  PARSED_TOKENS,
  RightBracket,
  RightParen,
  Segment,
  TextKeyword,
  TextLiteral,
} from "./tokens.ts";

/** What came of the tokens. The tree means something only when there are neither errors nor findings. */
export interface ParsedTokens {
  readonly rule: Rule;
  readonly spans: ReadonlyMap<Rule, NodeSpans>;
  readonly errors: readonly IRecognitionException[];
  /** Faults inside of literals, and of literals that do not go together. */
  readonly findings: readonly Finding[];
}

/** A literal with its place. */
interface PlacedLiteral {
  readonly literal: RuleLiteral;
  readonly span: TextSpan;
}

/** Stands where a fault kept a tree from being made; such trees are never handed out. */
const NOTHING: Rule = { kind: "or", operands: [] };

/** Stands where a literal is missing. */
const NO_LITERAL: PlacedLiteral = { literal: { type: "null" }, span: { start: 0, end: 0 } };

/**
 * Ends the parse when nobody would read further errors; recovering costs 20 µs each. Not a recognition error, so that
 * the parser does not recover from it.
 */
const ENOUGH_ERRORS: Error = new Error("more errors than are reported");

/** Types whose values have an order. */
const ORDERED_TYPES: ReadonlySet<RuleLiteral["type"]> = new Set(["string", "number", "semver", "date"]);

/** The grammar. Made once, because its analysis takes milliseconds; used for one text at a time, as all synchronous code is. */
export class RuleGrammar extends EmbeddedActionsParser {
  private spans = new Map<Rule, NodeSpans>();
  private findings: Finding[] = [];
  private patternCost = 0;

  /** With recovery it goes on after an error to find further ones. */
  constructor(recoveryEnabled: boolean) {
    super(PARSED_TOKENS, { recoveryEnabled, maxLookahead: 2, errorMessageProvider: parserMessages });
    this.performSelfAnalysis();
  }

  /** Reads a whole rule. Recurses as deep as the tokens nest. */
  read(tokens: readonly IToken[]): ParsedTokens {
    this.spans = new Map();
    this.findings = [];
    this.patternCost = 0;
    this.input = [...tokens];
    try {
      const rule = this.alternatives();
      return { rule, spans: this.spans, errors: this.errors, findings: this.findings };
    } catch (error) {
      if (error !== ENOUGH_ERRORS) throw error;
      return { rule: NOTHING, spans: this.spans, errors: this.errors, findings: this.findings };
    } finally {
      this.input = [];
    }
  }

  private readonly alternatives: ParserMethod<[], Rule> = this.RULE(
    "alternatives",
    (): Rule => {
      const first = this.LA(1);
      const operands: Rule[] = [this.SUBRULE(this.conjunction)];
      this.MANY(() => {
        this.CONSUME(Or);
        operands.push(this.SUBRULE2(this.conjunction));
      });
      return this.ACTION(() => this.joined("or", operands, first));
    },
    { recoveryValueFunc: () => NOTHING },
  );

  private readonly conjunction: ParserMethod<[], Rule> = this.RULE(
    "conjunction",
    (): Rule => {
      const first = this.LA(1);
      const operands: Rule[] = [this.SUBRULE(this.condition)];
      this.MANY(() => {
        this.CONSUME(And);
        operands.push(this.SUBRULE2(this.condition));
      });
      return this.ACTION(() => this.joined("and", operands, first));
    },
    { recoveryValueFunc: () => NOTHING },
  );

  private readonly condition: ParserMethod<[], Rule> = this.RULE(
    "condition",
    (): Rule => {
      this.ACTION(() => {
        if (this.errors.length >= RULE_LIMITS.diagnostics) throw ENOUGH_ERRORS;
      });
      return this.OR([
        // `NOT IN SEGMENT` also reads as a negation of `IN SEGMENT`; it means the same, and the shorter tree is taken.
        { ALT: () => this.SUBRULE(this.segment), IGNORE_AMBIGUITIES: true },
        { ALT: () => this.SUBRULE(this.negation) },
        { ALT: () => this.SUBRULE(this.group) },
        { ALT: () => this.SUBRULE(this.test) },
      ]);
    },
    { recoveryValueFunc: () => NOTHING },
  );

  private readonly negation: ParserMethod<[], Rule> = this.RULE(
    "negation",
    (): Rule => {
      const first = this.CONSUME(Not);
      const operand = this.SUBRULE(this.condition);
      return this.ACTION(() => this.placed({ kind: "not", operand }, { whole: this.spanFrom(first), values: [] }));
    },
    { recoveryValueFunc: () => NOTHING },
  );

  private readonly group: ParserMethod<[], Rule> = this.RULE(
    "group",
    (): Rule => {
      this.CONSUME(LeftParen);
      const rule = this.SUBRULE(this.alternatives);
      this.CONSUME(RightParen);
      return rule;
    },
    { recoveryValueFunc: () => NOTHING },
  );

  private readonly segment: ParserMethod<[], Rule> = this.RULE(
    "segment",
    (): Rule => {
      const first = this.LA(1);
      const negation = this.OPTION(() => this.CONSUME(Not));
      this.CONSUME(In);
      this.CONSUME(Segment);
      const name = this.CONSUME(TextLiteral);
      return this.ACTION(() => {
        const literal = readLiteral(name);
        const key = literal.type === "string" ? literal.value : "";
        const spans = { whole: this.spanFrom(first), values: [spanOf(name)] };
        return this.placed({ kind: "segment", key, negated: negation !== undefined }, spans);
      });
    },
    { recoveryValueFunc: () => NOTHING },
  );

  private readonly test: ParserMethod<[], Rule> = this.RULE(
    "test",
    (): Rule => {
      const name = this.CONSUME(Name);
      const path = this.ACTION(() => readPath(name.image));
      const clause = (made: AttributeClause, values: readonly PlacedLiteral[] = []): Rule =>
        this.placed(made, { whole: this.spanFrom(name), path: spanOf(name), values: values.map(({ span }) => span) });
      return this.OR([
        {
          ALT: () => {
            const operator = this.CONSUME(ComparisonOperator);
            const value = this.SUBRULE(this.literal);
            return this.ACTION(() =>
              clause({ kind: "comparison", path, operator: comparisonOperator(operator), literal: value.literal }, [
                value,
              ]),
            );
          },
        },
        {
          ALT: () => {
            const negation = this.OPTION(() => this.CONSUME(Not));
            this.CONSUME(In);
            const values = this.SUBRULE(this.list);
            return this.ACTION(() => {
              const literals = values.map(({ literal }) => literal);
              return clause({ kind: "membership", path, negated: negation !== undefined, literals }, values);
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(Between);
            const low = this.SUBRULE2(this.literal);
            this.CONSUME(And);
            const high = this.SUBRULE3(this.literal);
            return this.ACTION(() => {
              this.checkRange(low, high);
              return clause({ kind: "between", path, low: low.literal, high: high.literal }, [low, high]);
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(Contains);
            const value = this.SUBRULE4(this.literal);
            return this.ACTION(() => clause({ kind: "contains", path, literal: value.literal }, [value]));
          },
        },
        {
          ALT: () => {
            const operator = this.CONSUME(TextKeyword);
            const text = this.CONSUME(TextLiteral);
            return this.ACTION(() => {
              const value = { literal: readLiteral(text), span: spanOf(text) };
              const operand = value.literal.type === "string" ? value.literal.value : "";
              if (operator.tokenType === Matches) this.addPattern(operand, value.span);
              return clause({ kind: "text", path, operator: textOperator(operator), operand }, [value]);
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(Exists);
            return this.ACTION(() => clause({ kind: "exists", path }));
          },
        },
      ]);
    },
    { recoveryValueFunc: () => NOTHING },
  );

  private readonly list: ParserMethod<[], readonly PlacedLiteral[]> = this.RULE(
    "list",
    (): readonly PlacedLiteral[] => {
      const values: PlacedLiteral[] = [];
      this.CONSUME(LeftBracket);
      this.MANY_SEP({ SEP: Comma, DEF: () => values.push(this.SUBRULE(this.literal)) });
      this.CONSUME(RightBracket);
      return values;
    },
    { recoveryValueFunc: () => [] },
  );

  private readonly literal: ParserMethod<[], PlacedLiteral> = this.RULE(
    "literal",
    (): PlacedLiteral => {
      const token = this.CONSUME(Literal);
      return this.ACTION(() => {
        if (token.isInsertedInRecovery === true) return NO_LITERAL;
        const fault = literalFault(token);
        if (fault !== undefined) this.findings.push(fault);
        return { literal: readLiteral(token), span: spanOf(token) };
      });
    },
    { recoveryValueFunc: () => NO_LITERAL },
  );

  /** One operand stands for itself; parentheses leave no trace, so that several nest only as written. */
  private joined(kind: "and" | "or", operands: readonly Rule[], first: IToken): Rule {
    const [only] = operands;
    if (only !== undefined && operands.length === 1) return only;
    return this.placed({ kind, operands }, { whole: this.spanFrom(first), values: [] });
  }

  private placed(rule: Rule, spans: NodeSpans): Rule {
    this.spans.set(rule, spans);
    return rule;
  }

  /** From a token to the last one read. */
  private spanFrom(first: IToken): TextSpan {
    return spanBetween(first, this.LA(0));
  }

  private addPattern(pattern: string, span: TextSpan): void {
    const before = this.patternCost;
    this.patternCost += patternCost(pattern);
    if (this.patternCost <= RULE_LIMITS.patternCost || before > RULE_LIMITS.patternCost) return;
    this.findings.push({
      code: "patterns_too_large",
      span,
      message: "The patterns of the rule are too large to be prepared.",
      hint: "Shorten them, or use smaller numbers in { }",
    });
  }

  private checkRange(low: PlacedLiteral, high: PlacedLiteral): void {
    if (low === NO_LITERAL || high === NO_LITERAL) return;
    if (low.literal.type === high.literal.type && ORDERED_TYPES.has(low.literal.type)) return;
    this.findings.push({
      code: "invalid_range",
      span: { start: low.span.start, end: high.span.end },
      message: "`BETWEEN` needs two values of one kind: two numbers, two texts, two versions or two dates.",
    });
  }
}
