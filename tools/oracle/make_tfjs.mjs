/**
 * @file Models that TensorFlow.js saves, for src/formats/tfjs: small ones, whole and with weights of fewer bits, with the shape of an input and what
 * TensorFlow.js makes of numbers(…, 7) in it. Made with @tensorflow/tfjs 4.22.0 of bench/peers, by
 *
 *     node tools/oracle/make_tfjs.mjs
 */
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { deflateSync } from "node:zlib";

const require = createRequire(new URL("../../bench/peers/package.json", import.meta.url));
const tf = require("@tensorflow/tfjs");
const target = new URL("files/tfjs.json", import.meta.url);

/** Numbers from -1 to 1, the same each time. */
function numbers(count, seed) {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 1073741824 - 1;
  });
}

const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);
const base64 = (bytes) => Buffer.from(bytes).toString("base64");

function pictures() {
  const { layers: L } = tf;
  const start = tf.input({ shape: [8, 9, 3], name: "picture" });
  let x = L.zeroPadding2d({
    padding: [
      [0, 1],
      [1, 0],
    ],
  }).apply(start);
  x = L.conv2d({ filters: 6, kernelSize: 3, strides: 2, useBias: false }).apply(x);
  x = L.batchNormalization({}).apply(x);
  x = L.reLU({ maxValue: 6 }).apply(x);
  const left = L.depthwiseConv2d({ kernelSize: 3, padding: "same", activation: "tanh" }).apply(x);
  const right = L.separableConv2d({
    filters: 6,
    kernelSize: 2,
    padding: "same",
    activation: "hardSigmoid",
  }).apply(x);
  x = L.concatenate({}).apply([
    L.add({}).apply([left, right]),
    L.multiply({}).apply([left, x]),
    L.average({}).apply([left, x]),
  ]);
  x = L.maxPooling2d({ poolSize: 2, strides: 1, padding: "same" }).apply(x);
  x = L.upSampling2d({ size: [1, 2] }).apply(x);
  x = L.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, activation: "elu" }).apply(x);
  x = L.averagePooling2d({ poolSize: [2, 3], padding: "same" }).apply(x);
  x = L.layerNormalization({}).apply(x);
  x = L.cropping2D({
    cropping: [
      [1, 0],
      [0, 1],
    ],
  }).apply(x);
  x = L.permute({ dims: [2, 3, 1] }).apply(x);
  x = L.leakyReLU({ alpha: 0.2 }).apply(x);
  x = L.dropout({ rate: 0.3 }).apply(x);
  const ends = [
    L.globalMaxPooling2d({}).apply(x),
    L.globalAveragePooling2d({ dataFormat: "channelsLast" }).apply(x),
  ];
  x = L.concatenate({}).apply(ends);
  x = L.dense({ units: 3, activation: "softmax" }).apply(x);
  return tf.model({ inputs: start, outputs: x, name: "pictures" });
}

/** A model without a head, and a head, as Teachable Machine joins them for sound. */
function joined() {
  const { layers: L } = tf;
  const base = tf.sequential({ name: "base" });
  base.add(L.conv2d({ filters: 2, kernelSize: [2, 8], activation: "relu", inputShape: [43, 232, 1] }));
  base.add(L.maxPooling2d({ poolSize: [2, 2], strides: [2, 2] }));
  base.add(L.conv2d({ filters: 2, kernelSize: [2, 4], strides: [3, 5], activation: "relu" }));
  base.add(L.maxPooling2d({ poolSize: [2, 2], strides: [1, 2] }));
  base.add(L.flatten());
  base.add(L.dense({ units: 4, activation: "relu", name: "dense_1" }));
  const head = tf.sequential({ name: "head" });
  head.add(L.dense({ units: 3, activation: "softmax", inputShape: [4], name: "NewHeadDense" }));
  return tf.model({ inputs: base.inputs, outputs: head.apply(base.outputs[0]), name: "joined" });
}

/** Models within a model, one after the other, as Teachable Machine joins them for pictures. */
function stacked() {
  const { layers: L } = tf;
  const start = tf.input({ shape: [12, 12, 3] });
  const x = L.conv2d({ filters: 4, kernelSize: 3, strides: 2, name: "Conv1" }).apply(start);
  const features = tf.sequential({ name: "features" });
  features.add(tf.model({ inputs: start, outputs: L.reLU({ maxValue: 6 }).apply(x), name: "mobile" }));
  features.add(L.globalAveragePooling2d({ dataFormat: "channelsLast" }));
  const head = tf.sequential({ name: "head" });
  head.add(L.dense({ units: 5, activation: "relu", inputShape: [4], name: "dense_one" }));
  head.add(L.dense({ units: 2, useBias: false, activation: "softmax", name: "dense_two" }));
  const all = tf.sequential({ name: "stacked" });
  all.add(features);
  all.add(head);
  return all;
}

function fill(model) {
  let seed = 1;
  model.setWeights(
    model.getWeights().map((weight) => {
      const values = numbers(sizeOf(weight.shape), seed++);
      const scale = weight.rank === 1 ? 0.3 : 2 / Math.sqrt(sizeOf(weight.shape.slice(0, -1)));
      // Variances are among those with one axis, and above 0.
      return tf.tensor(
        values.map((value) => (weight.rank === 1 ? 0.5 + value * scale : value * scale)),
        weight.shape,
      );
    }),
  );
}

async function artifactsOf(model) {
  let artifacts;
  await model.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = given;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  return artifacts;
}

/** Weights of fewer bits, as tensorflowjs_converter writes them. */
function quantized({ weightSpecs, weightData }, dtype) {
  const floats = new Float32Array(weightData);
  const parts = [];
  let at = 0;
  const specs = weightSpecs.map((spec) => {
    const values = floats.subarray(at, (at += sizeOf(spec.shape)));
    if (dtype === "float16") {
      parts.push(Uint8Array.from(values, () => 0).fill(0));
      const halves = Uint16Array.from(values, halfOf);
      parts[parts.length - 1] = new Uint8Array(halves.buffer);
      return { ...spec, quantization: { dtype, original_dtype: "float32" } };
    }
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const scale = (max - min || 1) / (dtype === "uint8" ? 255 : 65535);
    const Kind = dtype === "uint8" ? Uint8Array : Uint16Array;
    const whole = Kind.from(values, (value) => Math.round((value - min) / scale));
    parts.push(new Uint8Array(whole.buffer));
    return { ...spec, quantization: { dtype, min, scale, original_dtype: "float32" } };
  });
  return { weightSpecs: specs, weightData: Uint8Array.from(Buffer.concat(parts)).buffer };
}

/** The nearest number of 16 bits, for normal numbers. */
function halfOf(value) {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const fraction = Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
  return ((value < 0 ? 1 : 0) << 15) | ((exponent + 15 + (fraction >> 10)) << 10) | (fraction & 1023);
}

async function caseOf(name, topology, { weightSpecs, weightData }, shards) {
  const load = async () => ({ modelTopology: topology, weightSpecs, weightData });
  const model = await tf.loadLayersModel({ load });
  const shape = model.inputs[0].shape.slice(1);
  const input = numbers(2 * sizeOf(shape), 7);
  const output = await model.predict(tf.tensor(input, [2, ...shape])).data();
  const bytes = Buffer.from(weightData);
  const step = Math.ceil(bytes.length / shards / 4) * 4;
  const paths = Array.from({ length: shards }, (_, i) => `group1-shard${i + 1}of${shards}.bin`);
  return {
    name,
    model: {
      modelTopology: topology,
      format: "layers-model",
      weightsManifest: [{ paths, weights: weightSpecs }],
    },
    shards: paths.map((_, i) => base64(deflateSync(bytes.subarray(i * step, (i + 1) * step)))),
    inputShape: [2, ...shape],
    output: [...output],
  };
}

await tf.setBackend("cpu");
const cases = [];
for (const make of [pictures, joined, stacked]) {
  const model = make();
  fill(model);
  const artifacts = await artifactsOf(model);
  const topology = JSON.parse(JSON.stringify(artifacts.modelTopology));
  cases.push(await caseOf(model.name, topology, artifacts, 1));
  if (make !== pictures) continue;
  for (const dtype of ["uint8", "uint16", "float16"]) {
    cases.push(await caseOf(`${model.name}, ${dtype}`, topology, quantized(artifacts, dtype), 2));
  }
}
const tool = `@tensorflow/tfjs ${tf.version.tfjs}`;
await writeFile(target, `${JSON.stringify({ tool, command: "node tools/oracle/make_tfjs.mjs", cases })}\n`);
console.log(target.pathname);
