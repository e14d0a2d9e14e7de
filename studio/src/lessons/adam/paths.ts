/** @file Paths over a loss surface, step by step by the library's optimizers. */
import { compile, floatArray, Generator, type NumericArray } from "auricle";
import { add, gradients, reshape, slice, sum } from "auricle/ops";
import { BETA1, BETA2, OPTIMIZERS, type OptimizerName } from "./optimizers.ts";
import { SURFACES, type SurfaceName } from "./surfaces.ts";

export interface PathRequest {
  readonly surface: SurfaceName;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly steps: number;
  readonly start: readonly [x: number, y: number];
  readonly seed: number;
}

/** Reads arrays with two numbers for each step; those of x come first: [x, y, x, y, …]. */
export interface Path {
  readonly optimizer: OptimizerName;
  /** Before the first step, then after each; as far as it is finite. */
  readonly points: Float32Array;
  /** The loss at each point, without noise. */
  readonly losses: Float32Array;
  /** The gradient of each step, noise included. */
  readonly gradients: Float32Array;
  /** The mean of gradients that the optimizer keeps, corrected for its beginning at 0; SGD's and RMSprop's are the gradients. */
  readonly means: Float32Array;
  /** The root of the mean of squares, corrected likewise; 1 where the optimizer keeps none. */
  readonly roots: Float32Array;
}

type StepProgram = (...args: NumericArray[]) => readonly NumericArray[];
const programs = new Map<string, StepProgram>();

/** One step: weights, noise, slots and scalars in; loss, gradient, new weights and new slots out. */
function stepProgram(surface: SurfaceName, name: OptimizerName): StepProgram {
  const key = `${surface} ${name}`;
  const optimizer = OPTIMIZERS[name].make(0.1);
  const slotCount = optimizer.slots.length;
  const scalarCount = optimizer.scalars(0.1, 0).length;
  const program =
    programs.get(key) ??
    compile(
      (weights, noise, ...rest) => {
        const [x, y] = [slice(weights, [0], [1]), slice(weights, [1], [1])];
        const loss = sum(SURFACES[surface].height(x, y));
        const gradient = add(gradients(loss, [weights])[0], noise);
        const scalars = rest.slice(slotCount);
        const update = optimizer.update(weights, gradient, rest.slice(0, slotCount), scalars);
        return [reshape(loss, [1]), gradient, update.weights, ...update.slots];
      },
      [
        [2],
        [2],
        ...Array.from({ length: slotCount }, () => [2]),
        ...Array.from({ length: scalarCount }, () => []),
      ],
      { threads: 1 },
    );
  programs.set(key, program);
  return program;
}

/** Follows an optimizer; the path ends early where a number is no longer finite. */
export function pathOf(request: PathRequest): Path {
  const { surface, optimizer: name, learningRate, steps, start, seed } = request;
  const optimizer = OPTIMIZERS[name].make(learningRate);
  const run = stepProgram(surface, name);
  const generator = new Generator(seed);
  const found = { points: [...start], losses: [], gradients: [], means: [], roots: [] } as Record<
    "points" | "losses" | "gradients" | "means" | "roots",
    number[]
  >;
  let weights = floatArray([...start], [2]);
  let slots = optimizer.slots.map(() => floatArray([0, 0], [2]));
  for (let step = 0; step <= steps; step++) {
    const noise = [0, 1].map(() => SURFACES[surface].noise * generator.normal());
    const scalars = optimizer.scalars(learningRate, step).map((value) => floatArray([value], []));
    const [loss, gradient, next, ...kept] = run(weights, floatArray(noise, [2]), ...slots, ...scalars);
    found.losses.push(loss.data[0]);
    if (step === steps || ![...next.data, loss.data[0]].every(Number.isFinite)) break;
    slots = kept.map(({ data }) => floatArray([...data], [2]));
    weights = floatArray([...next.data], [2]);
    found.points.push(...weights.data);
    found.gradients.push(...gradient.data);
    const moments = momentsOf(
      name,
      step,
      gradient.data,
      slots.map(({ data }) => data),
      learningRate,
    );
    found.means.push(...moments.means);
    found.roots.push(...moments.roots);
  }
  return {
    optimizer: name,
    points: Float32Array.from(found.points),
    losses: Float32Array.from(found.losses),
    gradients: Float32Array.from(found.gradients),
    means: Float32Array.from(found.means),
    roots: Float32Array.from(found.roots),
  };
}

/** Reads the meaning of the slots, in the gradients' units. @param step from 0 */
function momentsOf(
  name: OptimizerName,
  step: number,
  gradient: ArrayLike<number>,
  slots: readonly ArrayLike<number>[],
  learningRate: number,
): { means: number[]; roots: number[] } {
  const both = (value: (i: number) => number) => [value(0), value(1)];
  const ones = [1, 1];
  switch (name) {
    case "sgd":
      return { means: both((i) => gradient[i]), roots: ones };
    case "momentum":
      // Keras' momentum is the step itself: what is subtracted, with its sign turned and the learning rate in it.
      return { means: both((i) => -slots[0][i] / learningRate), roots: ones };
    case "rmsprop":
      return { means: both((i) => gradient[i]), roots: both((i) => Math.sqrt(slots[0][i])) };
    case "adam":
      return {
        means: both((i) => slots[0][i] / (1 - BETA1 ** (step + 1))),
        roots: both((i) => Math.sqrt(slots[1][i] / (1 - BETA2 ** (step + 1)))),
      };
  }
}
