/** @file The signals of a network for one batch: the activations forward, the gradients of the loss back. */
import { compile, losses, type FloatArray, type IntArray, type Model } from "auricle";
import { gradients } from "auricle/ops";

export interface LayerSignal {
  readonly layer: string;
  /** The layer's outputs for all examples of the batch. */
  readonly activations: Float32Array;
  /** The loss's gradient with respect to them. */
  readonly gradients: Float32Array;
}

/**
 * Makes the program that computes the signals of a model's layers with its weights of the moment.
 * @param layers the names of layers
 */
export function signalsOf(model: Model, layers: readonly string[], batchSize: number) {
  const { network } = model;
  const compiled = compile(
    (x, y) => {
      const nodes = network.trace([x], { training: false });
      const loss = losses.softmaxCrossEntropy(y, nodes[nodes.length - 1].output);
      const outputs = layers.map((name) => {
        const node = nodes.find(({ layer }) => layer.name === name);
        if (!node) throw new Error(`no layer ${name}`);
        return node.output;
      });
      return [...outputs, ...gradients(loss, outputs)];
    },
    [[batchSize, ...model.inputShapes[0]], { shape: [batchSize], dtype: "int32" }],
    { arena: network.arena, threads: 1 },
  );
  return (x: FloatArray, y: IntArray): LayerSignal[] => {
    const results = compiled(x, y);
    return layers.map((layer, i) => ({
      layer,
      activations: Float32Array.from(results[i].data),
      gradients: Float32Array.from(results[layers.length + i].data),
    }));
  };
}

/** The root of the mean square: what "size" means in this lesson. */
export function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ** 2;
  return Math.sqrt(sum / values.length);
}
