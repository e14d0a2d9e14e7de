/**
 * @file The values of a graph that was traced for several batches and lengths: which are constant, which have an example in each row,
 * and which axes of those follow the input's length.
 */
import { isFloat, type Value } from "../../../nn/operations/value.ts";
import { sameShape, type Shape } from "../../../tensor/shape.ts";
import type { Values } from "../trace.ts";

/** A graph's values for so many examples. */
export interface Traced {
  readonly batch: number;
  /** By how much open lengths are longer than the network's. */
  readonly longer: number;
  readonly values: Values;
}

export class ValueFacts {
  private readonly traces: readonly Traced[];
  private readonly constants = new Map<string, Value | null>();

  /** @param traces several batches of the network's lengths, then other lengths */
  constructor(traces: readonly Traced[]) {
    this.traces = traces;
  }

  /** Numbers that are the same for every input. */
  constant(name: string): Value | undefined {
    let constant = this.constants.get(name);
    if (constant === undefined) {
      constant = this.sameInAll(name) ?? null;
      this.constants.set(name, constant);
    }
    return constant ?? undefined;
  }

  private sameInAll(name: string): Value | undefined {
    const [first, ...others] = this.valuesOf(name);
    if (!first?.known) return undefined;
    const { known, shape } = first;
    const isSame = others.every(
      (other) =>
        other === first ||
        (other?.known !== undefined &&
          sameShape(other.shape, shape) &&
          other.known.every((number, i) => Object.is(number, known[i]))),
    );
    return isSame ? first : undefined;
  }

  /** The shape of one example, where the first axis is the batch and nothing else depends on it. */
  example(name: string): Shape | undefined {
    const values = this.valuesOf(name);
    const [shape] = this.exampleShapes(name);
    const hasBatch = this.traces.every(({ batch, longer }, i) => {
      const value = values[i];
      if (!value || value.known || value.shape[0] !== batch) return false;
      return longer === 0 ? sameShape(value.shape.slice(1), shape) : value.shape.length === shape.length + 1;
    });
    return hasBatch ? shape : undefined;
  }

  /** As {@link example}, with -1 for lengths that follow the input's. */
  openExample(name: string): Shape {
    const [first, ...others] = this.exampleShapes(name);
    return first.map((length, axis) => (others.every((shape) => shape[axis] === length) ? length : -1));
  }

  /** The shapes of one example in each trace. */
  exampleShapes(name: string): Shape[] {
    return this.valuesOf(name).map((value) => value?.shape.slice(1) ?? []);
  }

  /** A value in the first trace. */
  value(name: string): Value | undefined {
    return this.traces[0].values.get(name);
  }

  /** Whether a value has floats, as values between layers must. */
  isFloat(name: string): boolean {
    const type = this.value(name)?.type;
    return type !== undefined && isFloat(type);
  }

  private valuesOf(name: string): (Value | undefined)[] {
    return this.traces.map(({ values }) => values.get(name));
  }
}
