/**
 * @file TensorFlow.js, layers API, on its CPU backend (plain JavaScript) or its WASM backend:
 *
 *     node bench/peers/tfjs.mjs --backend wasm --workload vgg4 --phase infer --threads 2
 *
 * The WASM backend registers no gradient of a convolution's filter, so training fails there; the line then
 * has the library's own message as `error`. In Node.js it has no threads, whatever --threads says.
 */
import { join } from "node:path";
import { WORKLOADS, loadPeer, readFlags, run } from "./measure.mjs";

/** @import { Layer, Workload } from "./measure.mjs" */

/**
 * The layer as TensorFlow.js builds it. Keras' defaults are its own, so little need be said.
 * @param {any} tf
 * @param {Layer} layer
 * @param {number} rank 1 for waveforms, 2 for images
 */
function layerOf(tf, layer, rank) {
  const { filters, kernelSize, strides, padding, poolSize, rate, units } = layer;
  const pool = { poolSize, strides: poolSize, padding };
  switch (layer.layer) {
    case "conv":
      return tf.layers[`conv${rank}d`]({ filters, kernelSize, strides, padding });
    case "maxPool":
      return tf.layers[`maxPooling${rank}d`](pool);
    case "avgPool":
      return tf.layers[`averagePooling${rank}d`](pool);
    case "globalAvgPool":
      return tf.layers[`globalAveragePooling${rank}d`]({});
    case "batchNorm":
      return tf.layers.batchNormalization();
    case "relu":
    case "tanh":
      return tf.layers.activation({ activation: layer.layer });
    case "flatten":
      return tf.layers.flatten();
    case "dropout":
      return tf.layers.dropout({ rate });
    case "dense":
      return tf.layers.dense({ units });
    default:
      throw new Error(`tfjs: no layer for "${layer.layer}"`);
  }
}

/**
 * @param {any} tf
 * @param {Workload} workload
 */
function build(tf, workload) {
  const rank = workload.input.length - 1;
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: workload.input }));
  for (const layer of workload.layers) model.add(layerOf(tf, layer, rank));
  const count = model.trainableWeights
    .map((/** @type {{ shape: number[] }} */ weight) => weight.shape.reduce((a, b) => a * b, 1))
    .reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
  if (count !== workload.parameters) {
    throw new Error(`tfjs: the workload has ${workload.parameters} parameters; this model has ${count}`);
  }
  return model;
}

/**
 * @param {any} tf
 * @param {Workload} workload
 * @param {string} phase
 */
function stepOf(tf, workload, phase) {
  const model = build(tf, workload);
  const x = tf.randomNormal([workload.batch, ...workload.input]);
  if (phase === "infer") {
    return async () => {
      const output = model.predict(x, { batchSize: workload.batch });
      await output.data();
      output.dispose();
    };
  }
  const indices = Int32Array.from({ length: workload.batch }, (_, i) => i % workload.classes);
  const labels = tf.tidy(() => tf.oneHot(tf.tensor1d(indices, "int32"), workload.classes).toFloat());
  const crossEntropy = (/** @type {any} */ target, /** @type {any} */ logits) =>
    tf.losses.softmaxCrossEntropy(target, logits);
  model.compile({ optimizer: tf.train.adam(1e-3), loss: crossEntropy });
  return () => model.trainOnBatch(x, labels);
}

const flags = readFlags();
const backend = flags.backend ?? "cpu";
const { module: tf, version } = await loadPeer("@tensorflow/tfjs");
tf.enableProdMode();
if (backend === "wasm") {
  const { module: wasm, folder } = await loadPeer("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(join(folder, "/"));
}
await run({ peer: `tfjs-${backend}`, version }, { ...flags, threads: 1 }, async () => {
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs: the backend "${backend}" did not start`);
  await tf.ready();
  return stepOf(tf, WORKLOADS[flags.workload], flags.phase);
});
