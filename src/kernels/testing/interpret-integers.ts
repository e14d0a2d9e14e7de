/** @file Integer variables, and places in memory, of a kernel that is interpreted. */
import type { IntBinaryOperator, IntExpression } from "../../machine/ir.ts";

export type IntFunction = () => number;

/** Results are unsigned. */
const BINARY: Record<IntBinaryOperator, (a: IntFunction, b: IntFunction) => IntFunction> = {
  add: (a, b) => () => (a() + b()) >>> 0,
  subtract: (a, b) => () => (a() - b()) >>> 0,
  multiply: (a, b) => () => Math.imul(a(), b()) >>> 0,
  divide: (a, b) => () => (a() / b()) >>> 0,
  remainder: (a, b) => () => a() % b(),
  min: (a, b) => () => Math.min(a(), b()),
  max: (a, b) => () => Math.max(a(), b()),
};

export class Integers {
  readonly variables: Uint32Array;
  private readonly memory: Uint32Array;
  private readonly loaded: (word: number) => void;

  /** @param loaded called with the place of each word that an expression loads */
  constructor(variables: number, memory: ArrayBufferLike, loaded: (word: number) => void = () => {}) {
    this.variables = new Uint32Array(variables);
    this.memory = new Uint32Array(memory);
    this.loaded = loaded;
  }

  /** Returns a function that computes an expression, unsigned. */
  value(expression: IntExpression): IntFunction {
    const { variables, memory } = this;
    switch (expression.kind) {
      case "int": {
        const value = expression.value >>> 0;
        return () => value;
      }
      case "intVariable": {
        const { id } = expression;
        return () => variables[id];
      }
      case "loadInt": {
        const word = this.word(expression, 1);
        return () => {
          const place = word();
          this.loaded(place);
          return memory[place];
        };
      }
      case "intBinary":
        return BINARY[expression.operator](this.value(expression.a), this.value(expression.b));
    }
  }

  /** The position of the first of `count` words at address + offset. */
  word(place: { readonly address: IntExpression; readonly offset: number }, count: number): IntFunction {
    const address = this.value(place.address);
    const { offset } = place;
    const { length } = this.memory;
    return () => {
      const bytes = address() + offset;
      const word = bytes >>> 2;
      if (4 * word !== bytes || word + count > length) {
        throw new RangeError(`interpreter: ${count} words at ${bytes} of ${4 * length} bytes`);
      }
      return word;
    };
  }
}
