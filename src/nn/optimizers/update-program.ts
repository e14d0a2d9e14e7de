/**
 * @file The second half of a training step: from gradients to new weights, in one pass over the slabs.
 *
 * Two programs. The first has the sum of all squared gradients, which tells whether all are finite and how much to
 * clip; the second applies the rule, element by element. Values that are the same for all elements lie in a small
 * control slab that is written between the two.
 */
import { compileGraph, type CompileOptions } from "../../graph/compile.ts";
import type { CompiledGraph } from "../../graph/compiled-graph.ts";
import type { ProgramReport } from "../../graph/device.ts";
import { Slab } from "../../graph/slab.ts";
import { assign, collectAssignments, variableTensor } from "../../graph/sources.ts";
import { withScope, type Tensor } from "../../graph/tensor.ts";
import { add, multiply, subtract } from "../../ops/arithmetic.ts";
import { clip } from "../../ops/select.ts";
import { sum } from "../../ops/sum.ts";
import type { Optimizer } from "./optimizer.ts";
import type { UpdateRange } from "./ranges.ts";

/** Slabs of one layout: the weights, their gradients, and one for each of the optimizer's slots. */
export interface OptimizedSlabs {
  readonly weights: Slab;
  readonly gradients: Slab;
  readonly slots: readonly Slab[];
}

const CONTROL = { decay: 0, clipScale: 1, own: 2, words: 16 };

export class UpdateProgram {
  private readonly optimizer: Optimizer;
  private readonly control = new Slab("optimizer control", CONTROL.words);
  private readonly squares: CompiledGraph;
  private readonly update: CompiledGraph;

  constructor(
    optimizer: Optimizer,
    slabs: OptimizedSlabs,
    ranges: readonly UpdateRange[],
    options: CompileOptions,
  ) {
    this.optimizer = optimizer;
    const squares = sumOfSquares(slabs.gradients, ranges);
    this.squares = compileGraph({ inputs: [], outputs: [squares], assignments: [] }, options);
    const { assignments } = collectAssignments(() =>
      withScope(optimizer.name, () => ranges.forEach((range) => this.traceUpdate(slabs, range))),
    );
    this.update = compileGraph({ inputs: [], outputs: [], assignments }, options);
  }

  /** The kernels of the second program. */
  get updateReport(): ProgramReport {
    return this.update.report;
  }

  /** The square root of the sum of all squared gradients; not finite when a gradient is not. */
  gradientNorm(): number {
    this.squares.run();
    return Math.sqrt(this.squares.output(0).data[0]);
  }

  /** Moves the weights. @param step how many updates were made before. */
  apply(learningRate: number, step: number, gradientNorm: number): void {
    const { clipNorm } = this.optimizer;
    const control = this.control.edit();
    control[CONTROL.decay] = learningRate * this.optimizer.weightDecay;
    control[CONTROL.clipScale] = clipNorm === undefined ? 1 : clipNorm / Math.max(clipNorm, gradientNorm);
    control.set(this.optimizer.scalars(learningRate, step), CONTROL.own);
    this.update.run();
  }

  private scalar(index: number): Tensor {
    return variableTensor(this.control, index, []);
  }

  private traceUpdate(slabs: OptimizedSlabs, { start, length, decay, rate = 1 }: UpdateRange): void {
    const { optimizer } = this;
    const part = (slab: Slab) => variableTensor(slab, start, [length]);
    const weights = part(slabs.weights);
    const slots = slabs.slots.map(part);
    let gradient = part(slabs.gradients);
    if (optimizer.clipValue !== undefined) {
      gradient = clip(gradient, -optimizer.clipValue, optimizer.clipValue);
    }
    if (optimizer.clipNorm !== undefined) gradient = multiply(gradient, this.scalar(CONTROL.clipScale));
    let decayed = weights;
    if (decay && optimizer.l2 > 0) gradient = add(gradient, multiply(weights, optimizer.l2));
    if (decay && optimizer.weightDecay > 0) {
      decayed = subtract(weights, multiply(weights, this.scalar(CONTROL.decay)));
    }
    const scalars = optimizer.scalars(0, 0).map((_, i) => this.scalar(CONTROL.own + i));
    const next = optimizer.update(decayed, gradient, slots, scalars);
    const moved = rate === 1 ? next.weights : add(weights, multiply(subtract(next.weights, weights), rate));
    assign(weights, moved);
    next.slots.forEach((value, i) => assign(slots[i], value));
  }
}

function sumOfSquares(gradients: Slab, ranges: readonly UpdateRange[]): Tensor {
  return ranges
    .map(({ start, length }) => {
      const gradient = variableTensor(gradients, start, [length]);
      return sum(multiply(gradient, gradient));
    })
    .reduce((total, part) => add(total, part));
}
