/** @file The values of a graph that was traced for several batches: which are constant, and which have an example in each row. */
import type { Value } from "../../../nn/operations/value.ts";
import { sameShape, type Shape } from "../../../tensor/shape.ts";
import type { Values } from "../trace.ts";

export class ValueFacts {
  private readonly traces: readonly Values[];
  private readonly batches: readonly number[];
  private readonly constants = new Map<string, Value | null>();

  constructor(traces: readonly Values[], batches: readonly number[]) {
    this.traces = traces;
    this.batches = batches;
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
    const [first, ...others] = this.traces.map((values) => values.get(name));
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
    const values = this.traces.map((trace) => trace.get(name));
    const shapes = values.map((value) => value?.shape ?? []);
    const [, ...rest] = shapes[0];
    const hasBatch = values.every(
      (value, i) =>
        value !== undefined &&
        value.known === undefined &&
        value.shape[0] === this.batches[i] &&
        sameShape(value.shape.slice(1), rest),
    );
    return hasBatch ? rest : undefined;
  }

  /** A value in the first trace. */
  value(name: string): Value | undefined {
    return this.traces[0].get(name);
  }
}
