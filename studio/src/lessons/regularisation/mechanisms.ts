/** @file The effect of dropout and batch normalisation on numbers, in training and in inference, on the engine. */
import { compile, floatArray, Generator, intArray, type CompiledFunction } from "auricle";
import { batchNorm, batchNormTraining, dropout } from "auricle/ops";

/** Added to the variance under the root: the layer's default. */
export const EPSILON = 1e-3;

export interface DropoutDraw {
  /** 0 where a value is dropped, else 1 / (1 - rate). */
  readonly mask: Float32Array;
  /** The values in training, with that mask. */
  readonly output: Float32Array;
  /** The mean of the outputs of draws 1 to `draw`. */
  readonly mean: Float32Array;
}

type DropoutProgram = CompiledFunction<{
  mask: ReturnType<typeof dropout>;
  output: ReturnType<typeof dropout>;
}>;
const programs = new Map<string, DropoutProgram>();

function dropoutProgram(rate: number, length: number): DropoutProgram {
  const key = `${rate} ${length}`;
  const program =
    programs.get(key) ??
    compile(
      (x, ones, draw) => ({
        mask: dropout(ones, { rate, key: draw, salt: 1 }),
        output: dropout(x, { rate, key: draw, salt: 1 }),
      }),
      [[length], [length], { shape: [], dtype: "int32" }],
      { threads: 1 },
    );
  programs.set(key, program);
  return program;
}

/** Drops values at random. @param draw which mask, from 1: it is the random numbers' key */
export function drawDropout(values: Float32Array, rate: number, draw: number): DropoutDraw {
  const run = dropoutProgram(rate, values.length);
  const [x, ones] = [values, new Float32Array(values.length).fill(1)].map((data) =>
    floatArray(data, [values.length]),
  );
  const mean = new Float32Array(values.length);
  let last = run(x, ones, intArray([draw], []));
  for (let i = 1; i <= draw; i++) {
    last = run(x, ones, intArray([i], []));
    last.output.data.forEach((value, at) => (mean[at] += value / draw));
  }
  return { mask: Float32Array.from(last.mask.data), output: Float32Array.from(last.output.data), mean };
}

export interface BatchStatistics {
  /** The batch's mean of each step, and what runs along. */
  readonly batchMeans: Float32Array;
  readonly runningMeans: Float32Array;
  /** The one watched value after normalisation by each batch that it was in. */
  readonly inTraining: Float32Array;
  /** The same value by the running statistics at the end. */
  readonly inInference: number;
  /** The mean and deviation of all values: what the batches' means stray around, and how far single values lie from it. */
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Normalises batches that all hold the first value, with others drawn at random.
 * @param values those of one channel, one for each example
 * @param momentum the share of the running statistics that stays at each step
 */
export function followBatches(
  values: Float32Array,
  { batchSize, momentum, steps, seed }: { batchSize: number; momentum: number; steps: number; seed: number },
): BatchStatistics {
  const inTraining = compile((x) => ({ ...batchNormTraining(x, { epsilon: EPSILON }) }), [[batchSize, 1]], {
    threads: 1,
  });
  const inInference = compile(
    (x, mean, variance) => batchNorm(x, { epsilon: EPSILON, mean, variance }),
    [[1, 1], [1], [1]],
    { threads: 1 },
  );
  const generator = new Generator(seed);
  const result = {
    batchMeans: new Float32Array(steps),
    runningMeans: new Float32Array(steps),
    inTraining: new Float32Array(steps),
  };
  let [mean, variance] = [0, 1];
  for (let step = 0; step < steps; step++) {
    const others = Array.from(
      { length: batchSize - 1 },
      () => values[1 + generator.integer(values.length - 1)],
    );
    const batch = inTraining(floatArray([values[0], ...others], [batchSize, 1]));
    mean = momentum * mean + (1 - momentum) * batch.mean.data[0];
    variance = momentum * variance + (1 - momentum) * batch.variance.data[0];
    result.batchMeans[step] = batch.mean.data[0];
    result.runningMeans[step] = mean;
    result.inTraining[step] = batch.output.data[0];
  }
  const after = inInference(
    floatArray([values[0]], [1, 1]),
    floatArray([mean], [1]),
    floatArray([variance], [1]),
  );
  const all = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - all) ** 2, 0) / values.length;
  return { ...result, inInference: after.data[0], mean: all, deviation: Math.sqrt(squares) };
}
