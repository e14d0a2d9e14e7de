/** @file An operation's inputs and attributes, checked as they are asked for. */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { toFloat } from "../../ops/cast.ts";
import { formatShape, normalizeAxis } from "../../tensor/shape.ts";
import { integerRange, isFloat, tensorOf, type ElementType, type Value } from "./value.ts";

/** Attributes of an operation, plain JSON. */
export type Attributes = Readonly<Record<string, number | string | readonly number[] | readonly string[]>>;

/** A result: a value, or a tensor of the first input's type. */
export type Result = Tensor | Value;

/** Whole numbers up to this are exact in float32. */
const MOST_EXACT = 2 ** 24;

export class Call {
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  /** The number of results that are asked for. */
  readonly results: number;

  constructor(inputs: readonly (Value | undefined)[], attributes: Attributes, results: number) {
    this.inputs = inputs;
    this.attributes = attributes;
    this.results = results;
  }

  /** @throws AuricleError "unsupported" */
  refuse(reason: string): never {
    throw new AuricleError("unsupported", reason);
  }

  has(input: number): boolean {
    return this.inputs[input] !== undefined;
  }

  value(input: number): Value {
    return this.inputs[input] ?? this.refuse(`input ${input} is missing`);
  }

  /** The type of the first input. */
  get type(): ElementType {
    return this.value(0).type;
  }

  get isWhole(): boolean {
    return !isFloat(this.type) && this.type !== "bool";
  }

  /** An input as it is: int32 for traced whole numbers. */
  tensor(input: number): Tensor {
    return tensorOf(this.value(input));
  }

  /**
   * An input as float32.
   * @throws AuricleError "unsupported" for whole numbers that depend on the network's input and may be beyond what float32 holds
   */
  numbers(input: number): Tensor {
    const value = this.value(input);
    const tensor = tensorOf(value);
    if (tensor.dtype === "float32") return tensor;
    const { bits = 0 } = integerRange(value.type) ?? {};
    const most = Math.min(2 ** bits, value.most ?? Infinity);
    if (value.known === undefined && most > MOST_EXACT) {
      this.refuse(`arithmetic with ${value.type} numbers that depend on the input`);
    }
    return toFloat(tensor);
  }

  /** All inputs from one on, as float32. */
  allNumbers(from = 0): Tensor[] {
    return this.inputs.slice(from).map((_, i) => this.numbers(from + i));
  }

  isKnown(input: number): boolean {
    return this.inputs[input]?.known !== undefined;
  }

  /** The numbers of an input. @throws AuricleError "unsupported" where they depend on the network's input. */
  known(input: number): Float64Array {
    return (
      this.value(input).known ??
      this.refuse(`input ${input} depends on the network's input, and must be constant`)
    );
  }

  /** As {@link known}, as a list; undefined where the input is missing. */
  list(input: number): number[] | undefined {
    return this.has(input) ? [...this.known(input)] : undefined;
  }

  /** As {@link known}, of one number. */
  scalar(input: number): number | undefined {
    if (!this.has(input)) return undefined;
    const numbers = this.known(input);
    if (numbers.length !== 1)
      this.refuse(`input ${input} must be one number; it is ${formatShape(this.value(input).shape)}`);
    return numbers[0];
  }

  number(name: string, fallback?: number): number {
    const value = this.attributes[name] ?? fallback;
    return typeof value === "number" ? value : this.refuse(`the attribute ${name} must be a number`);
  }

  flag(name: string, fallback = false): boolean {
    return this.number(name, fallback ? 1 : 0) !== 0;
  }

  text(name: string, fallback?: string): string {
    const value = this.attributes[name] ?? fallback;
    return typeof value === "string" ? value : this.refuse(`the attribute ${name} must be a text`);
  }

  numbersNamed(name: string): number[] | undefined {
    const value = this.attributes[name];
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((one) => typeof one === "number"))
      return [...(value as number[])];
    return this.refuse(`the attribute ${name} must be a list of numbers`);
  }

  /** An axis of the first input from 0, from an attribute. */
  axis(name = "axis", fallback?: number, rank = this.value(0).shape.length): number {
    return normalizeAxis(this.number(name, fallback), Math.max(1, rank), name);
  }
}
