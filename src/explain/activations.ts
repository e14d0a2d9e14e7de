/** @file Outputs of a model's layers. Browser-safe. */
import { AuricleError } from "../errors.ts";
import type { Network } from "../nn/network.ts";
import { copyRows, type ModelInputs } from "../nn/training/example-source.ts";
import { checkOptions, didYouMean } from "../options.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import { givenInputs } from "./inputs.ts";
import { runFunction, type BatchOptions, type ExplainedModel } from "./programs.ts";

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
  checkOptions("activations", options, { batchSize: true }, "model, x, layers, ");
  const { network } = model;
  const nodes = layers.map((layer) => nodeNamed(network, layer));
  const { arrays, length } = givenInputs(network, x);
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
  return Object.fromEntries(layers.map((layer, i) => [layer, results[i]])) as Record<Name, FloatArray>;
}

/**
 * The number of the node that a name of {@link activations} stands for.
 * @throws AuricleError "argument" naming the layers, for one that there is not
 */
export function nodeNamed(network: Network, name: string): number {
  const uses = new Map<string, number>();
  const names = network.nodes.map(({ layer }) => {
    const use = (uses.get(layer.name) ?? 0) + 1;
    uses.set(layer.name, use);
    return use === 1 ? layer.name : `${layer.name}#${use}`;
  });
  const node = names.indexOf(name);
  if (node >= 0) return node;
  throw new AuricleError(
    "argument",
    `${network.name}: layer must be one of ${names.join(", ")}; got "${name}"${didYouMean(String(name), names)}`,
  );
}
