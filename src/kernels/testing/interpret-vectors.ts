/** @file Vector variables and expressions of a kernel that is interpreted. */
import type { MachineTraits, VectorExpression, VectorVariable } from "../../machine/ir.ts";
import { multiplyAddPair, pairOf } from "./bfloat16.ts";
import type { Integers } from "./interpret-integers.ts";
import type { Step } from "./interpret-statements.ts";
import { BINARY, fusedMultiplyAdd, LaneVector, SHIFT, UNARY } from "./lane-arithmetic.ts";

type Of<K extends VectorExpression["kind"]> = Extract<VectorExpression, { kind: K }>;

/** Writes the steps that compute expressions. Each step is one operation on all lanes, and allocates nothing. */
export class Vectors {
  private readonly traits: MachineTraits;
  private readonly integers: Integers;
  private readonly memory: Int32Array;
  private readonly variables: readonly LaneVector[];
  /** One for each part of an expression that is kept while others are computed. */
  private readonly temporaries: LaneVector[] = [];
  /** For operations that mix lanes, and may write what they read. */
  private readonly mixed: LaneVector;

  constructor(traits: MachineTraits, variables: number, integers: Integers, memory: ArrayBufferLike) {
    this.traits = traits;
    this.integers = integers;
    this.memory = new Int32Array(memory);
    this.variables = Array.from({ length: variables }, () => new LaneVector(traits.lanes));
    this.mixed = new LaneVector(traits.lanes);
  }

  variable({ id }: VectorVariable): LaneVector {
    return this.variables[id];
  }

  /**
   * The vector that has an expression's value after the steps that this appends.
   * @param depth temporaries that are in use
   */
  value(expression: VectorExpression, steps: Step[], depth = 0): LaneVector {
    switch (expression.kind) {
      case "vectorVariable":
        return this.variable(expression);
      case "constant":
        return this.known("floats", () => expression.value);
      case "doubleConstant":
        return this.known("doubles", () => expression.value);
      case "intConstant":
        return this.known("words", () => expression.value);
      case "laneIndex":
        return this.known("words", (lane) => lane);
      case "firstLanes":
        return this.known("words", (lane) => (lane < expression.count ? -1 : 0));
      default: {
        const target = (this.temporaries[depth] ??= new LaneVector(this.traits.lanes));
        steps.push(this.operation(target, expression, steps, depth));
        return target;
      }
    }
  }

  /** Appends the steps that compute an expression into a vector. */
  into(target: LaneVector, expression: VectorExpression, steps: Step[]): void {
    switch (expression.kind) {
      case "vectorVariable":
      case "constant":
      case "doubleConstant":
      case "intConstant":
      case "laneIndex":
      case "firstLanes": {
        const { words } = this.value(expression, steps);
        steps.push(() => target.words.set(words));
        return;
      }
      default:
        steps.push(this.operation(target, expression, steps, 0));
    }
  }

  private known(view: keyof LaneVector, of: (lane: number) => number): LaneVector {
    const vector = new LaneVector(this.traits.lanes);
    vector[view].forEach((_, lane) => (vector[view][lane] = of(lane)));
    return vector;
  }

  /** Appends the steps for an operation's operands, and gives its own. */
  private operation(
    target: LaneVector,
    expression: Exclude<
      VectorExpression,
      Of<"vectorVariable" | "constant" | "doubleConstant" | "intConstant" | "laneIndex" | "firstLanes">
    >,
    steps: Step[],
    depth: number,
  ): Step {
    const operands = (...parts: readonly VectorExpression[]) =>
      parts.map((part, i) => this.value(part, steps, depth + i));
    switch (expression.kind) {
      case "splatInt": {
        const value = this.integers.value(expression.value);
        return () => target.words.fill(value());
      }
      case "load":
        return this.load(target, expression);
      case "broadcast": {
        const word = this.integers.word(expression, 1);
        return () => target.words.fill(this.memory[word()]);
      }
      case "broadcastDouble": {
        const word = this.integers.word(expression, 2);
        return () => {
          const first = word();
          target.words.forEach((_, lane) => (target.words[lane] = this.memory[first + (lane % 2)]));
        };
      }
      case "gather":
        return this.gather(target, expression);
      case "unary": {
        const { operator } = expression;
        const [a] = operands(expression.a);
        if (operator === "toDoubles") return this.convert(target, "doubles", a.floats);
        if (operator === "fromDoubles") return this.convert(target, "floats", a.doubles);
        const { reads, writes, of } = UNARY[operator];
        return this.each(target[writes], a[reads], a[reads], of);
      }
      case "binary": {
        const [a, b] = operands(expression.a, expression.b);
        if (expression.operator === "packPairs") return this.packPairs(target, a, b);
        const { reads, writes, of } = BINARY[expression.operator];
        return this.each(target[writes], a[reads], b[reads], of);
      }
      case "shift": {
        const { operator, bits } = expression;
        const [a] = operands(expression.a);
        const of = SHIFT[operator];
        return this.each(target.words, a.words, a.words, (word) => of(word, bits));
      }
      case "multiplyAdd": {
        const [a, b, c] = operands(expression.a, expression.b, expression.c);
        return this.multiplyAdd(target, a, b, c);
      }
      case "multiplyAddPairs": {
        const [a, b, c] = operands(expression.a, expression.b, expression.c);
        return () => {
          for (let lane = 0; lane < target.words.length; lane++) {
            target.floats[lane] = multiplyAddPair(a.words[lane], b.words[lane], c.floats[lane]);
          }
        };
      }
      case "select": {
        const [mask, a, b] = operands(expression.mask, expression.a, expression.b);
        return this.select(target.words, mask.words, a.words, b.words);
      }
      case "shuffle": {
        const [a, b] = operands(expression.a, expression.b);
        return this.shuffle(target, a, b, expression.sources);
      }
      case "horizontal":
        return this.horizontal(target, expression);
    }
  }

  private each(
    target: LaneVector[keyof LaneVector],
    a: LaneVector[keyof LaneVector],
    b: LaneVector[keyof LaneVector],
    of: (a: number, b: number) => number,
  ): Step {
    return () => {
      for (let lane = 0; lane < target.length; lane++) target[lane] = of(a[lane], b[lane]);
    };
  }

  /** Numbers of another width: as many as there are of the wider ones. The target may be what is read. */
  private convert(target: LaneVector, to: "doubles" | "floats", from: Float32Array | Float64Array): Step {
    const { mixed } = this;
    return () => {
      mixed.words.fill(0);
      for (let i = 0; i < mixed.doubles.length; i++) mixed[to][i] = from[i];
      target.words.set(mixed.words);
    };
  }

  private multiplyAdd({ floats }: LaneVector, first: LaneVector, second: LaneVector, sum: LaneVector): Step {
    const [a, b, c] = [first.floats, second.floats, sum.floats];
    if (this.traits.fusedMultiplyAdd) {
      return () => {
        for (let i = 0; i < floats.length; i++) floats[i] = fusedMultiplyAdd(a[i], b[i], c[i]);
      };
    }
    return () => {
      for (let i = 0; i < floats.length; i++) floats[i] = Math.fround(a[i] * b[i]) + c[i];
    };
  }

  private select(target: Int32Array, mask: Int32Array, a: Int32Array, b: Int32Array): Step {
    return () => {
      for (let i = 0; i < target.length; i++) target[i] = (a[i] & mask[i]) | (b[i] & ~mask[i]);
    };
  }

  private load({ words }: LaneVector, expression: Of<"load">): Step {
    const { memory } = this;
    const { count } = expression;
    const word = this.integers.word(expression, count);
    return () => {
      const first = word();
      for (let lane = 0; lane < count; lane++) words[lane] = memory[first + lane];
      words.fill(0, count);
    };
  }

  private gather({ words }: LaneVector, { address, offset, stride, count }: Of<"gather">): Step {
    const places = Array.from({ length: count }, (_, lane) =>
      this.integers.word({ address, offset: offset + lane * stride }, 1),
    );
    return () => {
      places.forEach((word, lane) => (words[lane] = this.memory[word()]));
      words.fill(0, count);
    };
  }

  private shuffle(target: LaneVector, a: LaneVector, b: LaneVector, sources: readonly number[]): Step {
    const { lanes } = this.traits;
    const { words } = this.mixed;
    return () => {
      for (let lane = 0; lane < lanes; lane++) {
        const source = sources[lane];
        words[lane] = source < lanes ? a.words[source] : b.words[source - lanes];
      }
      target.words.set(words);
    };
  }

  private packPairs(target: LaneVector, a: LaneVector, b: LaneVector): Step {
    const { lanes } = this.traits;
    const { words } = this.mixed;
    return () => {
      for (let lane = 0; lane < lanes; lane++) {
        const { floats } = 2 * lane < lanes ? a : b;
        const first = (2 * lane) % lanes;
        words[lane] = pairOf(floats[first], floats[first + 1]);
      }
      target.words.set(words);
    };
  }

  /** Halves first, then quarters, down to two neighbours. */
  private horizontal(target: LaneVector, expression: Of<"horizontal">): Step {
    const { lanes } = this.traits;
    const { floats } = this.mixed;
    const a = this.variable(expression.a);
    const { of } = BINARY[expression.operator];
    return () => {
      floats.set(a.floats);
      for (let half = lanes / 2; half >= 1; half /= 2) {
        for (let lane = 0; lane < half; lane++) floats[lane] = of(floats[lane], floats[lane + half]);
      }
      target.floats.fill(floats[0]);
    };
  }
}
