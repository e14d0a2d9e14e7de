/** @file The one check that every layer passes. */
import { expect } from "vitest";
import { compile } from "../graph/compile.ts";
import { constantTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Layer } from "../nn/layer.ts";
import { layerFromConfig } from "../nn/layers/index.ts";
import { graphNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { input } from "../nn/symbolic.ts";
import { gradients, multiply, sum } from "../ops/index.ts";
import type { TargetName } from "../runtime/target.ts";
import { intArray, type NumericArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { expectClose } from "./compare.ts";
import { testValues } from "./values.ts";

export interface LayerExpectation {
  /** Shapes of one example of each input, batch axis left out. */
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  /** Trainable numbers. */
  readonly parameters: number;
  /** Numbers that are not trained. Default 0. */
  readonly statistics?: number;
  /** Whether training computes something else than inference. Default "same". */
  readonly training?: "same" | "different";
}

const BATCH = 3;

function networkOf(layer: Layer, shapes: readonly Shape[], seed: number): Network {
  const inputs = shapes.map((shape) => input({ shape }));
  return graphNetwork({ inputs, outputs: layer.apply(inputs) }, { seed });
}

/** Runs the layer on fixed inputs; in training with a fixed key. */
function run(network: Network, training: boolean, target?: TargetName): NumericArray {
  const shapes = network.inputShapes.map((shape) => [BATCH, ...shape]);
  const program = compile(
    (...inputs) => network.apply(inputs, { training, randomKey: constantTensor(intArray([12345], [])) }),
    shapes,
    { arena: network.arena, threads: 1, target },
  );
  return program(...shapes.map((shape, i) => testValues("normal", shape, i + 1)));
}

/** d Σ output·random / d x for each trainable weight and each input. */
function gradientsOf(
  network: Network,
  target?: TargetName,
): readonly { name: string; data: ArrayLike<number> }[] {
  const entries = network.weights.filter(({ trainable }) => trainable);
  const shapes = network.inputShapes.map((shape) => [BATCH, ...shape]);
  const program = compile(
    (...inputs: Tensor[]) => {
      const randomKey = constantTensor(intArray([12345], []));
      const output = network.apply(inputs, { training: true, randomKey });
      const loss = sum(multiply(output, constantTensor(testValues("normal", output.shape, 9))));
      return gradients(loss, [...entries.map((entry) => network.variable(entry)), ...inputs]);
    },
    shapes,
    { arena: network.arena, threads: 1, target },
  );
  const results = program(...shapes.map((shape, i) => testValues("normal", shape, i + 1)));
  const names = [...entries.map(({ path }) => path), ...network.inputNames];
  return results.map(({ data }, i) => ({ name: names[i], data }));
}

function numbersOf(network: Network): number[] {
  return [...network.getWeights().values()].flatMap(({ data }) => [...data]);
}

/**
 * Checks a layer: its config makes it again, alike to the bit; its shape, predicted without a batch and as it comes out
 * with one, is the one expected; so is the number of parameters; kernels agree with the reference loops; the gradient
 * reaches every trainable weight and every input; training and inference are alike or not, as expected; one seed gives one set of weights.
 */
export function checkLayer(make: () => Layer, expected: LayerExpectation): void {
  const { inputShapes, outputShape, parameters, statistics = 0, training = "same" } = expected;
  const layer = make();
  const network = networkOf(layer, inputShapes, 1);
  expect(network.outputShape, "predicted shape").toEqual(outputShape);
  const count = (trainable: boolean) =>
    network.weights
      .filter((entry) => entry.trainable === trainable)
      .reduce((total, { shape }) => total + sizeOf(shape), 0);
  expect(count(true), "trainable parameters").toBe(parameters);
  expect(count(false), "other numbers").toBe(statistics);

  const output = run(network, false);
  expect(output.shape, "actual shape").toEqual([BATCH, ...outputShape]);
  expect(output.data.every(Number.isFinite), "finite outputs").toBe(true);
  expectClose(
    output.data,
    run(network, false, "reference").data,
    1e-5,
    "outputs against the reference loops",
  );
  if (training === "different") expect(run(network, true).data).not.toEqual(output.data);
  // Batch statistics aside, training computes by the same operations, though fused otherwise.
  else expectClose(run(network, true).data, output.data, 1e-6, "training and inference");

  const stored = JSON.parse(JSON.stringify({ className: layer.className, config: layer.config }));
  const again = networkOf(layerFromConfig(stored), inputShapes, 1);
  expect(again.layers[0].layer.config, "config").toEqual(layer.config);
  expect(numbersOf(again), "weights of the same seed").toEqual(numbersOf(networkOf(make(), inputShapes, 1)));
  expect(run(again, false).data, "outputs after a round trip").toEqual(
    run(networkOf(make(), inputShapes, 1), false).data,
  );

  const reference = gradientsOf(networkOf(make(), inputShapes, 1), "reference");
  gradientsOf(networkOf(make(), inputShapes, 1)).forEach(({ name, data }, i) => {
    expect(
      Array.from(data).some((value) => value !== 0),
      `gradient of ${name} is not zero`,
    ).toBe(true);
    expectClose(data, reference[i].data, 1e-4, `gradient of ${name} against the reference loops`);
  });
}
