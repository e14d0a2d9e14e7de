/**
 * @file jax-js on its WASM device, channels first as its convolutions are:
 *
 *     node bench/peers/jaxjs.mjs --workload lenet5 --phase train --threads 1 --limit 300
 *
 * Without its `jit`, which fuses the padding into the convolution's loops and was slower in each of these
 * workloads (21.8 s against 3.7 s for a training step of wave1d, version 0.1.25). Pools do not overlap here,
 * so they are reductions over a reshaped array. The moving averages of batch normalization are not updated,
 * in the peer's favour. In Node.js it has no threads, whatever --threads says.
 *
 * jax-js counts references: whatever is passed to a function is used up, and `.ref` keeps it for another.
 */
import { WORKLOADS, loadPeer, readFlags, run } from "./measure.mjs";

/** @import { Layer, Workload } from "./measure.mjs" */

const EPSILON = 1e-3;

/** Spatial axes of an array [N, C, ...]. @param {any} x */
const spatialAxes = (x) => x.shape.slice(2).map((/** @type {number} */ _, /** @type {number} */ i) => i + 2);

/** A vector [C] as [1, C, 1 …], to meet an array of that rank. @param {any} vector @param {number} rank */
const onChannels = (vector, rank) => vector.reshape([1, vector.shape[0], ...new Array(rank - 2).fill(1)]);

/**
 * Non-overlapping windows: [N, C, n …] → [N, C, n / k …] by a reduction.
 * 'same' pads with zeros at the end, which no maximum after a ReLU can see; 'valid' drops the rest.
 * @param {any} np
 * @param {Layer} layer
 * @param {any} x
 */
function pool(np, layer, x) {
  const size = layer.poolSize ?? [];
  const lengths = x.shape.slice(2);
  const round = layer.padding === "same" ? Math.ceil : Math.floor;
  const counts = size.map((k, i) => round(lengths[i] / k));
  const surplus = size.map((k, i) => counts[i] * k - lengths[i]);
  if (surplus.some((n) => n > 0)) x = np.pad(x, [[0, 0], [0, 0], ...surplus.map((n) => [0, Math.max(n, 0)])]);
  if (surplus.some((n) => n < 0)) x = x.slice([], [], ...size.map((k, i) => [0, counts[i] * k]));
  const split = x.reshape([...x.shape.slice(0, 2), ...size.flatMap((k, i) => [counts[i], k])]);
  const axes = size.map((_, i) => 3 + 2 * i);
  return layer.layer === "maxPool" ? np.max(split, axes) : np.mean(split, axes);
}

/**
 * Batch normalization with the mean and variance of the batch; in inference with moving ones, as if folded
 * into gamma and beta.
 * @param {any} np
 * @param {any} x
 * @param {any[]} parameters gamma, beta
 * @param {boolean} training
 */
function batchNorm(np, x, [gamma, beta], training) {
  const rank = x.shape.length;
  if (!training) return x.mul(onChannels(gamma, rank)).add(onChannels(beta, rank));
  const axes = [0, ...spatialAxes(x)];
  const centred = x.ref.sub(np.mean(x, axes, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), axes, { keepdims: true });
  const scaled = centred.div(np.sqrt(variance.add(EPSILON)));
  return scaled.mul(onChannels(gamma, rank)).add(onChannels(beta, rank));
}

/**
 * The workload's layers with the shapes of their parameters, worked out from the input's.
 * @param {Workload} workload
 */
function shapedLayers(workload) {
  let channels = workload.input[workload.input.length - 1];
  let lengths = workload.input.slice(0, -1);
  return workload.layers.map((layer) => {
    const { kernelSize = [], strides = [], poolSize = [], filters = 0, units = 0 } = layer;
    const before = channels;
    /** @type {number[][]} */
    let shapes = [];
    if (layer.layer === "conv") {
      const shrink = (/** @type {number} */ n, /** @type {number} */ i) =>
        layer.padding === "same"
          ? Math.ceil(n / strides[i])
          : Math.floor((n - kernelSize[i]) / strides[i]) + 1;
      lengths = lengths.map(shrink);
      channels = filters;
      shapes = [[filters, before, ...kernelSize], [filters]];
    } else if (layer.layer === "batchNorm") {
      shapes = [[before], [before]];
    } else if (layer.layer.endsWith("Pool")) {
      const round = layer.padding === "same" ? Math.ceil : Math.floor;
      lengths = layer.layer === "globalAvgPool" ? [] : lengths.map((n, i) => round(n / poolSize[i]));
    } else if (layer.layer === "flatten") {
      channels = lengths.reduce((a, b) => a * b, channels);
      lengths = [];
    } else if (layer.layer === "dense") {
      channels = units;
      shapes = [[before, units], [units]];
    }
    return { layer, shapes };
  });
}

/**
 * @param {any} jax
 * @param {Workload} workload
 */
function modelOf(jax, workload) {
  const { numpy: np, lax, nn, random } = jax;
  const layers = shapedLayers(workload);

  const apply = (
    /** @type {Layer} */ layer,
    /** @type {any} */ x,
    /** @type {any[]} */ own,
    /** @type {any} */ key,
  ) => {
    switch (layer.layer) {
      case "conv": {
        const y = lax.convGeneralDilated(x, own[0], layer.strides, layer.padding?.toUpperCase());
        return y.add(onChannels(own[1], y.shape.length));
      }
      case "batchNorm":
        return batchNorm(np, x, own, key !== null);
      case "relu":
        return nn.relu(x);
      case "tanh":
        return np.tanh(x);
      case "maxPool":
      case "avgPool":
        return pool(np, layer, x);
      case "globalAvgPool":
        return np.mean(x, spatialAxes(x));
      case "flatten":
        return x.reshape([x.shape[0], -1]);
      case "dropout": {
        if (key === null) return x;
        const keep = 1 - (layer.rate ?? 0);
        return np.where(random.bernoulli(key.ref, keep, x.shape), x.mul(1 / keep), 0);
      }
      case "dense":
        return np.matmul(x, own[0]).add(own[1]);
      default:
        throw new Error(`jax-js: no layer for "${layer.layer}"`);
    }
  };

  /** Logits; `key` seeds the dropout and is null in inference. */
  const forward = (/** @type {any[]} */ parameters, /** @type {any} */ x, /** @type {any} */ key) => {
    let next = 0;
    for (const { layer, shapes } of layers) {
      const own = parameters.slice(next, (next += shapes.length));
      x = apply(layer, x, own, key);
    }
    if (key !== null) key.dispose();
    return x;
  };

  const shapes = layers.flatMap((layer) => layer.shapes);
  const count = shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  if (count !== workload.parameters) {
    throw new Error(`jax-js: the workload has ${workload.parameters} parameters; this model has ${count}`);
  }
  const initial = shapes.map((shape, i) =>
    random.uniform(random.key(i), shape, { minval: -0.05, maxval: 0.05 }),
  );
  return { forward, initial };
}

/**
 * Adam's step with Keras' epsilon: [parameters, moments, velocities] and the gradients → the new three.
 * @param {any} np
 * @param {any[][]} state
 * @param {any[]} gradients
 * @param {number} count of steps, this one included
 */
function adam(np, [parameters, moments, velocities], gradients, count) {
  const rate = (1e-3 * Math.sqrt(1 - 0.999 ** count)) / (1 - 0.9 ** count);
  const newMoments = moments.map((m, i) => m.mul(0.9).add(gradients[i].ref.mul(0.1)));
  const newVelocities = velocities.map((v, i) => v.mul(0.999).add(np.square(gradients[i]).mul(0.001)));
  const newParameters = parameters.map((parameter, i) => {
    const root = np.sqrt(newVelocities[i].ref).add(1e-7);
    return parameter.sub(newMoments[i].ref.mul(rate).div(root));
  });
  return [newParameters, newMoments, newVelocities];
}

/**
 * @param {any} jax
 * @param {Workload} workload
 * @param {string} phase
 */
function stepOf(jax, workload, phase) {
  const { numpy: np, nn, random, valueAndGrad } = jax;
  const { forward, initial } = modelOf(jax, workload);
  const channels = workload.input[workload.input.length - 1];
  const x = random.normal(random.key(100), [workload.batch, channels, ...workload.input.slice(0, -1)]);
  const kept = (/** @type {any[]} */ arrays) => arrays.map((array) => array.ref);
  if (phase === "infer") return () => forward(kept(initial), x.ref, null).data();

  const labels = Int32Array.from({ length: workload.batch }, (_, i) => i % workload.classes);
  const oneHot = nn.oneHot(np.array(labels), workload.classes);
  const crossEntropy = valueAndGrad((/** @type {any[]} */ parameters, /** @type {any} */ key) => {
    const logProbabilities = nn.logSoftmax(forward(parameters, x.ref, key), -1);
    return np.mean(np.sum(logProbabilities.mul(oneHot.ref), -1)).mul(-1);
  });
  const zeros = () => initial.map((parameter) => np.zeros(parameter.shape));
  let state = [initial, zeros(), zeros()];
  let count = 0;
  return async () => {
    count++;
    const [loss, gradients] = crossEntropy(kept(state[0]), random.key(count));
    state = adam(np, state, gradients, count);
    await jax.blockUntilReady(state);
    const [value] = await loss.data();
    if (!Number.isFinite(value)) throw new Error(`jax-js: the loss became ${value}`);
  };
}

const flags = readFlags();
const { module: jax, version } = await loadPeer("@jax-js/jax");
await run({ peer: "jax-js-wasm", version }, { ...flags, threads: 1 }, async () => {
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  return stepOf(jax, WORKLOADS[flags.workload], flags.phase);
});
