/** @file Outputs of a model's layers. Browser-safe. */
import { copyRows, type ModelInputs } from "../nn/training/example-source.ts";
import { checkOptions } from "../options.ts";
import type { FloatArray, NumericArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import { givenInputs } from "./inputs.ts";
import { nodeNamed } from "./layer-choice.ts";
import { BATCH_OPTIONS, runFunction, type BatchOptions, type ExplainedModel } from "./programs.ts";

/**
 * Computes the outputs of layers, in inference.
 *
 * @example
 * const { conv2d_1, dense_1 } = await activations(model, x, ["conv2d_1", "dense_1"]);
 * @param x `[N, …]` for each input, as `predict` takes it
 * @param layers names of layers, as `summary` lists them. A layer that is used several times gives the output of its first use by
 *   its name, that of its second by "name#2", and so on.
 * @returns `[N, …]` for each name
 * @throws AuricleError "argument" naming the layers, for one that there is not; "shape" or "data" for examples that do not fit
 */
export async function activations<Name extends string>(
  model: ExplainedModel,
  x: ModelInputs,
  layers: readonly Name[],
  options: BatchOptions = {},
): Promise<Readonly<Record<Name, FloatArray>>> {
  checkOptions("activations", options, BATCH_OPTIONS, "model, x, layers, ");
  const { network } = model;
  const nodes = layers.map((layer) => nodeNamed(network, layer));
  const results = await activationsOf(model, givenInputs(network, x).arrays, nodes, options);
  return Object.fromEntries(layers.map((layer, i) => [layer, results[i]])) as Record<Name, FloatArray>;
}

/** As {@link activations}, of nodes by their numbers. */
export async function activationsOf(
  model: ExplainedModel,
  arrays: readonly NumericArray[],
  nodes: readonly number[],
  options: BatchOptions,
): Promise<readonly FloatArray[]> {
  const { network } = model;
  const [length] = arrays[0].shape;
  const results = nodes.map((node): FloatArray => {
    const shape = [length, ...network.nodes[node].outputShape];
    return { shape, data: new Float32Array(sizeOf(shape)) };
  });
  await runFunction(
    model,
    {
      name: `activations ${nodes.join(" ")}`,
      trace(inputs) {
        const outputs = network.trace(inputs, { training: false });
        return nodes.map((node) => outputs[node].output);
      },
    },
    {
      length,
      read: (rows, input) => arrays.forEach((array, i) => copyRows(array, rows, input(i))),
      take: (rows, output) =>
        results.forEach(({ data }, i) => {
          const size = data.length / length;
          data.set(output(i).subarray(0, rows.length * size), rows[0] * size);
        }),
    },
    options,
  );
  return results;
}
