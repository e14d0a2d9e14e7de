/**
 * @file A small language for losses that are typed in: arithmetic of y, p and z, read by recursive descent and traced with the
 * engine's operations. Nothing of what is typed is run as JavaScript.
 *
 *     sum     = product (("+" | "-") product)*
 *     product = sign (("*" | "/") sign)*
 *     sign    = "-" sign | power
 *     power   = value ("^" sign)?
 *     value   = number | "y" | "p" | "z" | function "(" sum ("," sum)* ")" | "(" sum ")"
 */
import type { Tensor } from "auricle";
import {
  abs,
  add,
  divide,
  exp,
  log,
  maximum,
  mean,
  minimum,
  multiply,
  negative,
  power,
  relu,
  sigmoid,
  sqrt,
  subtract,
  sum,
  tanh,
} from "auricle/ops";

/** The targets (1 for the right class, else 0), the probabilities, and the outputs of the last layer: [N, classes] each. */
export type LossVariable = "y" | "p" | "z";

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "variable"; readonly name: LossVariable }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] };

type Value = Tensor | number;

interface LossFunction {
  readonly arity: number;
  /** Undefined where it has a meaning for tensors alone. */
  readonly ofNumbers?: (...args: number[]) => number;
  readonly ofTensors: (...args: Value[]) => Tensor;
}

/** Over the classes, kept as an axis, so that a sum can go on being used with y, p and z. */
const overClasses = (reduce: typeof sum) => (x: Value) => reduce(tensorOf(x), -1, true);

const FUNCTIONS: Readonly<Record<string, LossFunction>> = {
  "+": { arity: 2, ofNumbers: (a, b) => a + b, ofTensors: add },
  "-": { arity: 2, ofNumbers: (a, b) => a - b, ofTensors: subtract },
  "*": { arity: 2, ofNumbers: (a, b) => a * b, ofTensors: multiply },
  "/": { arity: 2, ofNumbers: (a, b) => a / b, ofTensors: divide },
  "^": { arity: 2, ofNumbers: (a, b) => a ** b, ofTensors: power },
  negative: { arity: 1, ofNumbers: (a) => -a, ofTensors: negative },
  abs: { arity: 1, ofNumbers: Math.abs, ofTensors: abs },
  exp: { arity: 1, ofNumbers: Math.exp, ofTensors: exp },
  log: { arity: 1, ofNumbers: Math.log, ofTensors: log },
  sqrt: { arity: 1, ofNumbers: Math.sqrt, ofTensors: sqrt },
  tanh: { arity: 1, ofNumbers: Math.tanh, ofTensors: tanh },
  sigmoid: { arity: 1, ofNumbers: (a) => 1 / (1 + Math.exp(-a)), ofTensors: sigmoid },
  relu: { arity: 1, ofNumbers: (a) => Math.max(0, a), ofTensors: relu },
  max: { arity: 2, ofNumbers: Math.max, ofTensors: maximum },
  min: { arity: 2, ofNumbers: Math.min, ofTensors: minimum },
  sum: { arity: 1, ofTensors: overClasses(sum) },
  mean: { arity: 1, ofTensors: overClasses(mean) },
};

/** The functions by the names that can be typed. */
export const FUNCTION_NAMES: readonly string[] = Object.keys(FUNCTIONS).filter(
  (name) => /^[a-z]+$/.test(name) && name !== "negative",
);

/** Longer texts are refused: no loss needs them, and nesting stays shallow. */
const MOST_CHARACTERS = 200;

/**
 * Reads a loss.
 * @throws an error that says what was expected, and where
 */
export function parseLoss(text: string): Expression {
  if (text.length > MOST_CHARACTERS) throw new Error(`At most ${MOST_CHARACTERS} characters`);
  return new Parser(tokensOf(text)).whole();
}

interface Token {
  readonly text: string;
  /** Counted from 1. */
  readonly place: number;
}

function tokensOf(text: string): Token[] {
  // What is typed on a phone, or copied from a book.
  const plain = text.replaceAll("−", "-").replaceAll("·", "*").replaceAll("×", "*").replaceAll("**", "^");
  const tokens: Token[] = [];
  const pattern = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([a-zA-Z]+)|(.))/gsy;
  for (let match = pattern.exec(plain); match; match = pattern.exec(plain)) {
    const token = match[1] ?? match[2] ?? match[3] ?? "";
    if (token.trim() === "") continue;
    tokens.push({ text: token, place: pattern.lastIndex - token.length + 1 });
  }
  return tokens;
}

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Expression {
    if (this.tokens.length === 0) throw new Error("There is nothing yet: type a loss of y, p and z");
    const expression = this.sum();
    if (this.at < this.tokens.length) throw this.unexpected("an operator");
    return expression;
  }

  private sum(): Expression {
    return this.chain(["+", "-"], () => this.product());
  }

  private product(): Expression {
    return this.chain(["*", "/"], () => this.sign());
  }

  private chain(operators: readonly string[], next: () => Expression): Expression {
    let left = next();
    for (let name = this.take(operators); name !== undefined; name = this.take(operators)) {
      left = { kind: "call", name, args: [left, next()] };
    }
    return left;
  }

  private sign(): Expression {
    if (this.take(["-"])) return { kind: "call", name: "negative", args: [this.sign()] };
    const base = this.value();
    return this.take(["^"]) ? { kind: "call", name: "^", args: [base, this.sign()] } : base;
  }

  private value(): Expression {
    const token = this.tokens[this.at];
    if (!token) throw this.unexpected("a number, y, p, z or a function");
    if (/^[\d.]*\d/.test(token.text)) {
      this.at++;
      return { kind: "number", value: Number(token.text) };
    }
    if (token.text === "y" || token.text === "p" || token.text === "z") {
      this.at++;
      return { kind: "variable", name: token.text };
    }
    if (FUNCTION_NAMES.includes(token.text)) return this.call(token.text);
    if (this.take(["("])) {
      const inner = this.sum();
      this.expect(")");
      return inner;
    }
    throw this.unexpected("a number, y, p, z or a function");
  }

  private call(name: string): Expression {
    this.at++;
    this.expect("(");
    const args = [this.sum()];
    while (this.take([","])) args.push(this.sum());
    const arity = FUNCTIONS[name]?.arity ?? 0;
    if (args.length !== arity) {
      throw new Error(`${name} takes ${arity === 1 ? "one value" : `${arity} values`}; got ${args.length}`);
    }
    this.expect(")");
    return { kind: "call", name, args };
  }

  private take(texts: readonly string[]): string | undefined {
    const text = this.tokens[this.at]?.text;
    if (text === undefined || !texts.includes(text)) return undefined;
    this.at++;
    return text;
  }

  private expect(text: string): void {
    if (!this.take([text])) throw this.unexpected(`“${text}”`);
  }

  private unexpected(wanted: string): Error {
    const token = this.tokens[this.at];
    if (!token) return new Error(`It ends where ${wanted} is expected`);
    const known = /^[a-z]/i.test(token.text) ? `; the functions are ${FUNCTION_NAMES.join(", ")}` : "";
    return new Error(`“${token.text}” at place ${token.place}: ${wanted} is expected here${known}`);
  }
}

/**
 * Traces a loss with the engine's operations.
 * @param variables [N, classes] each
 * @returns one number for each example, [N]: the sum over the classes of what was typed
 * @throws an error for a loss that does not depend on the network
 */
export function traceLoss(expression: Expression, variables: Readonly<Record<LossVariable, Tensor>>): Tensor {
  if (!reads(expression, "p") && !reads(expression, "z")) {
    throw new Error("This loss does not depend on what the network says: use p or z");
  }
  const value = tensorOf(valueOf(expression, variables));
  // A sum over the classes that was typed counts once.
  return sum(value, -1);
}

function reads(expression: Expression, name: LossVariable): boolean {
  if (expression.kind === "variable") return expression.name === name;
  return expression.kind === "call" && expression.args.some((arg) => reads(arg, name));
}

function valueOf(expression: Expression, variables: Readonly<Record<LossVariable, Tensor>>): Value {
  if (expression.kind === "number") return expression.value;
  if (expression.kind === "variable") return variables[expression.name];
  const { name } = expression;
  const args = expression.args.map((arg) => valueOf(arg, variables));
  const fn = FUNCTIONS[name];
  if (!fn) throw new Error(`There is no function ${name}`);
  const numbers = args.filter((arg) => typeof arg === "number");
  if (numbers.length < args.length) return fn.ofTensors(...args);
  if (!fn.ofNumbers) throw new Error(`${name} adds up over the classes: it takes y, p or z`);
  return fn.ofNumbers(...numbers);
}

function tensorOf(value: Value): Tensor {
  if (typeof value !== "number") return value;
  throw new Error(`${value} is a number alone: use p or z`);
}
