/** @file The engine of the lesson on answers: heads for feature maps, losses and their gradients, and trainings side by side. */
import { averagePooling2d, compile, conv2d, floatArray, Generator, sequential } from "auricle";
import { digitsDataset } from "auricle/data";
import {
  add,
  divide,
  flatten,
  globalAveragePool,
  gradients,
  matmul,
  mean,
  resize,
  softmax,
  square,
  subtract,
  sum,
} from "auricle/ops";
import { expose } from "comlink";
import { Runs } from "../../engine/turns.ts";
import { parseLoss, traceLoss } from "./loss-language.ts";
import { crossEntropyOf, LOSS_NAMES, type LossName } from "./losses.ts";
import { featuresFor, HEAD_CLASSES, MAPS, type Head } from "./heads.ts";
import { trainSideBySide, type Report } from "./side-by-side.ts";

export interface HeadAnswer {
  /** The shapes that go through the network, step by step: "16 maps of 5 × 5". */
  readonly shapes: readonly (readonly number[])[];
  /** [rows, columns, 16] */
  readonly maps: Float32Array;
  /** The row that the head makes of the maps: all of them in a row, or the mean of each. */
  readonly features: Float32Array;
  /** [features that the layer was made for, 10] */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  /** Ten numbers; undefined where the layer does not fit. */
  readonly outputs?: Float32Array;
  /** The engine's message of a layer that does not fit. */
  readonly refusal?: string;
}

/** The layers before the head: weights depend on the seed and the layer's name, not on the size of the input. */
function bodyFor(size: number) {
  return sequential(
    [
      conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "relu", inputShape: [size, size, 1] }),
      averagePooling2d({ poolSize: 2 }),
      conv2d({ filters: MAPS, kernelSize: 5, activation: "relu" }),
      averagePooling2d({ poolSize: 2 }),
    ],
    { seed: 1, threads: 1 },
  );
}

async function digit(size: number): Promise<Float32Array> {
  const pixels = new Float32Array(784);
  await digitsDataset({ role: "test", count: 10 }).read([4], pixels, new Int32Array(1));
  const run = compile((x) => resize(x, size), [[1, 28, 28, 1]], { threads: 1 });
  return Float32Array.from(run(floatArray(pixels, [1, 28, 28, 1])).data);
}

export interface LossRequest {
  readonly logits: readonly number[];
  /** The right class. */
  readonly truth: number;
  readonly temperature: number;
  readonly own: string;
}

export interface LossAnswer {
  readonly probabilities: readonly number[];
  readonly twice: readonly number[];
  readonly losses: readonly {
    readonly name: LossName;
    readonly value: number;
    readonly gradient: readonly number[];
  }[];
  /** Why the typed loss is none. */
  readonly problem?: string;
}

/** One example's losses by several rules, with the gradients for its outputs. */
function lossesOf({ logits, truth, temperature, own }: LossRequest): LossAnswer {
  let expression: ReturnType<typeof parseLoss> | undefined;
  let problem: string | undefined;
  try {
    expression = parseLoss(own);
  } catch (error) {
    problem = messageOf(error);
  }
  const compiled = (withOwn: boolean) =>
    compile(
      (z, y, t) => {
        const p = softmax(divide(z, t));
        const named = {
          crossEntropy: crossEntropyOf(y, divide(z, t)),
          squared: mean(square(subtract(z, y))),
          twice: crossEntropyOf(y, p),
          ...(withOwn && expression && { own: sum(traceLoss(expression, { y, p, z })) }),
        };
        const entries = Object.entries(named);
        return {
          p,
          twice: softmax(p),
          ...Object.fromEntries(
            entries.flatMap(([name, loss]) => [
              [`${name} value`, loss],
              [`${name} gradient`, gradients(loss, [z])[0]],
            ]),
          ),
        };
      },
      [[1, logits.length], [1, logits.length], [1]],
      { threads: 1 },
    );
  let run;
  try {
    run = compiled(expression !== undefined);
  } catch (error) {
    problem = messageOf(error);
    run = compiled(false);
  }
  const targets = logits.map((_, i) => (i === truth ? 1 : 0));
  const results: Readonly<Record<string, { readonly data: ArrayLike<number> }>> = run(
    floatArray([...logits], [1, logits.length]),
    floatArray(targets, [1, logits.length]),
    floatArray([temperature], [1]),
  );
  return {
    probabilities: Array.from(results["p"]?.data ?? []),
    twice: Array.from(results["twice"]?.data ?? []),
    losses: LOSS_NAMES.flatMap((name) => {
      const value = results[`${name} value`]?.data[0];
      return value === undefined
        ? []
        : [{ name, value, gradient: Array.from(results[`${name} gradient`]?.data ?? []) }];
    }),
    ...(problem !== undefined && { problem }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const runs = new Runs();

const lab = {
  /** Computes what comes out of the layers before the head for a picture of some size, and what the head makes of it. */
  async head(size: number, head: Head): Promise<HeadAnswer> {
    const body = bodyFor(size);
    const output = await body.predict(floatArray(await digit(size), [1, size, size, 1]));
    const maps = Float32Array.from(output.data);
    const [, rows = 0, columns = 0] = output.shape;
    const expected = featuresFor(head);
    const generator = new Generator(2);
    const limit = Math.sqrt(6 / (expected + HEAD_CLASSES));
    const kernel = Float32Array.from(
      { length: expected * HEAD_CLASSES },
      () => limit * (2 * generator.uniform() - 1),
    );
    const bias = new Float32Array(HEAD_CLASSES);
    const shapes = [[size, size, 1], ...body.layers.map(({ outputShape }) => outputShape)];
    const made = compile(
      (x) => (head === "global" ? globalAveragePool(x) : flatten(x)),
      [[1, rows, columns, MAPS]],
      { threads: 1 },
    )(floatArray(maps, [1, rows, columns, MAPS]));
    const features = Float32Array.from(made.data);
    const shared = { shapes, maps, features, kernel, bias };
    try {
      const dense = compile(
        (x, w, b) => add(matmul(x, w), b),
        [[1, features.length], [expected, HEAD_CLASSES], [HEAD_CLASSES]],
        { threads: 1 },
      );
      const answer = dense(
        floatArray(features, [1, features.length]),
        floatArray(kernel, [expected, HEAD_CLASSES]),
        floatArray(bias, [HEAD_CLASSES]),
      );
      return { ...shared, outputs: Float32Array.from(answer.data) };
    } catch (error) {
      return { ...shared, refusal: messageOf(error) };
    }
  },

  losses: (request: LossRequest) => lossesOf(request),

  /** Trains a network for each loss until `stop`. */
  async train(own: string, tell: (report: Report) => Promise<void>): Promise<void> {
    await trainSideBySide(own, tell, runs.begin().signal);
  },

  stop(): void {
    runs.stop();
  },
};

export type Lab = typeof lab;
expose(lab);
