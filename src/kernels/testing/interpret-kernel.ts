/**
 * @file Runs a kernel by walking its statements: what the language means for any number of lanes, so that kernels can be
 * checked for vectors that no target here may have.
 */
import type {
  IntBinaryOperator,
  IntExpression,
  KernelCode,
  Statement,
  VectorBinaryOperator,
  VectorExpression,
  VectorUnaryOperator,
} from "../../machine/ir.ts";

type Lanes = readonly number[];

const INT: Record<IntBinaryOperator, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: Math.imul,
  divide: (a, b) => Math.floor(a / b),
  remainder: (a, b) => a % b,
  min: Math.min,
  max: Math.max,
};

const UNARY: Partial<Record<VectorUnaryOperator, (a: number) => number>> = {
  negate: (a) => -a,
  abs: Math.abs,
  sqrt: Math.sqrt,
};

const BINARY: Partial<Record<VectorBinaryOperator, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
};

/** A float rounded to bfloat16, ties to even, as its 16 bits; subnormal floats are 0. */
export function bfloat16Bits(value: number): number {
  const [word] = new Uint32Array(Float32Array.of(value).buffer);
  const sign = (word >>> 16) & 0x8000;
  if ((word & 0x7f800000) === 0) return sign;
  if (Number.isNaN(value)) return (word >>> 16) | 0x40;
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

/** The float of 16 bits; subnormal numbers are 0. */
export function floatOfBfloat16(bits: number): number {
  if ((bits & 0x7f80) === 0) return bits & 0x8000 ? -0 : 0;
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0];
}

/** Two numbers in a word, as a float with its bits. */
function pairOf(lower: number, upper: number): number {
  const word = bfloat16Bits(lower) + bfloat16Bits(upper) * 0x10000;
  return new Float32Array(Uint32Array.of(word).buffer)[0];
}

/** The lower and the upper number. */
function numbersOf(pair: number): [number, number] {
  const [word] = new Uint32Array(Float32Array.of(pair).buffer);
  return [floatOfBfloat16(word & 0xffff), floatOfBfloat16(word >>> 16)];
}

/** As VDPBF16PS (Intel SDM vol. 2): the upper products first, each sum rounded, subnormal sums 0. */
export function multiplyAddPair(a: number, b: number, c: number): number {
  const [[aLower, aUpper], [bLower, bUpper]] = [numbersOf(a), numbersOf(b)];
  return normal(aLower * bLower + normal(aUpper * bUpper + normal(c)));
}

const LEAST_NORMAL = 2 ** -126;

function normal(value: number): number {
  const rounded = Math.fround(value);
  return Math.abs(rounded) < LEAST_NORMAL ? 0 * rounded : rounded;
}

/** Floats only, but for pairs of finite bfloat16 numbers: kernels that look at bits, masks or lane numbers need a target. */
export class KernelInterpreter {
  private readonly lanes: number;
  private readonly floats: Float32Array;
  private readonly words: Uint32Array;
  private readonly ints: number[] = [];
  private readonly vectors: Lanes[] = [];

  constructor(lanes: number, memory: ArrayBuffer) {
    this.lanes = lanes;
    this.floats = new Float32Array(memory);
    this.words = new Uint32Array(memory);
  }

  run({ statements }: KernelCode, parameters: readonly number[]): void {
    parameters.forEach((value, i) => (this.ints[i] = value));
    this.block(statements);
  }

  private block(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement);
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case "setInt":
        this.ints[statement.variable.id] = this.int(statement.value);
        return;
      case "setVector":
        this.vectors[statement.variable.id] = this.vector(statement.value);
        return;
      case "store": {
        const first = this.word(statement.address, statement.offset);
        const value = this.vector(statement.value);
        for (let lane = 0; lane < statement.count; lane++) this.floats[first + lane] = value[lane];
        return;
      }
      case "transpose": {
        const rows = statement.variables.map(({ id }) => this.vectors[id]);
        statement.variables.forEach(({ id }, i) => (this.vectors[id] = rows.map((row) => row[i])));
        return;
      }
      case "loop": {
        const { counter, step } = statement;
        this.ints[counter.id] = this.int(statement.from);
        while (this.ints[counter.id] < this.int(statement.to)) {
          this.block(statement.body);
          this.ints[counter.id] += step;
        }
        return;
      }
      case "ifAtLeast":
        if (this.int(statement.a) >= this.int(statement.b)) this.block(statement.body);
        return;
      case "unrolledLoop":
        throw new TypeError("interpreter: no unrolled loops");
    }
  }

  private int(expression: IntExpression): number {
    switch (expression.kind) {
      case "int":
        return expression.value >>> 0;
      case "intVariable":
        return this.ints[expression.id];
      case "loadInt":
        return this.words[this.word(expression.address, expression.offset)];
      case "intBinary":
        return INT[expression.operator](this.int(expression.a), this.int(expression.b)) >>> 0;
    }
  }

  private word(address: IntExpression, offset: number): number {
    const bytes = this.int(address) + offset;
    if (bytes % 4 !== 0 || bytes < 0 || bytes >= this.words.byteLength) {
      throw new RangeError(`interpreter: address ${bytes} of ${this.words.byteLength} bytes`);
    }
    return bytes / 4;
  }

  private vector(expression: VectorExpression): Lanes {
    const each = (value: (lane: number) => number): Lanes =>
      Array.from({ length: this.lanes }, (_, lane) => Math.fround(value(lane)));
    switch (expression.kind) {
      case "vectorVariable":
        return this.vectors[expression.id];
      case "constant":
        return each(() => expression.value);
      case "load": {
        const first = this.word(expression.address, expression.offset);
        return each((lane) => (lane < expression.count ? this.floats[first + lane] : 0));
      }
      case "broadcast": {
        const word = this.word(expression.address, expression.offset);
        return each(() => this.floats[word]);
      }
      case "unary": {
        const a = this.vector(expression.a);
        const operator = UNARY[expression.operator];
        if (operator) return each((lane) => operator(a[lane]));
        break;
      }
      case "binary": {
        const [a, b] = [this.vector(expression.a), this.vector(expression.b)];
        if (expression.operator === "packPairs") {
          const both = [...a, ...b];
          return each((lane) => pairOf(both[2 * lane], both[2 * lane + 1]));
        }
        const operator = BINARY[expression.operator];
        if (operator) return each((lane) => operator(a[lane], b[lane]));
        break;
      }
      case "shuffle": {
        const both = [...this.vector(expression.a), ...this.vector(expression.b)];
        return each((lane) => both[expression.sources[lane]]);
      }
      case "multiplyAdd": {
        const [a, b, c] = [expression.a, expression.b, expression.c].map((part) => this.vector(part));
        return each((lane) => a[lane] * b[lane] + c[lane]);
      }
      case "multiplyAddPairs": {
        const [a, b, c] = [expression.a, expression.b, expression.c].map((part) => this.vector(part));
        return each((lane) => multiplyAddPair(a[lane], b[lane], c[lane]));
      }
    }
    throw new TypeError(`interpreter: no ${JSON.stringify(expression)}`);
  }
}
