/**
 * @file Imports the files of make_onnx_models.py and compares with ONNX Runtime:
 *
 *     node tools/oracle/check_onnx_import.mjs <folder> [part of a name]
 *
 * Each network must give ONNX Runtime's numbers to 1e-4 of the largest, learn (some steps lower the loss on a few examples), and be
 * exported to a file that gives its own numbers in ONNX Runtime again. Files that cannot be imported are listed with the reason. Needs
 * `npm run build`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { env, InferenceSession, Tensor } from "onnxruntime-web";
import { adam, Model } from "../../dist/index.js";
import { exportOnnx, importOnnx } from "../../dist/onnx/index.js";

const TOLERANCE = 1e-4;
const [folder, part = ""] = process.argv.slice(2);
env.wasm.numThreads = 1;
env.logLevel = "error";

/** @param {{ shape: number[], data: string }} encoded */
function decoded({ shape, data }) {
  return { shape, data: new Float32Array(Uint8Array.from(Buffer.from(data, "base64")).buffer) };
}

/** @param {{ shape: number[], data: Float32Array }} array @param {readonly number[]} to */
function asInput({ shape: [batch, ...own], data }, to) {
  if (own.join() === to.join()) return { shape: [batch, ...own], data };
  // Channels, the file's second axis, are last.
  const [channels, ...spatial] = own;
  const places = spatial.reduce((product, length) => product * length, 1);
  const moved = data.map((_, i) => {
    const [example, place, channel] = [
      Math.floor(i / (places * channels)),
      Math.floor(i / channels) % places,
      i % channels,
    ];
    return data[(example * channels + channel) * places + place];
  });
  return { shape: [batch, ...to], data: moved };
}

function difference(actual, expected) {
  let largest = 1e-30;
  let worst = actual.length === expected.length ? 0 : Infinity;
  expected.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value));
    worst = Math.max(worst, Number.isNaN(actual[i]) ? Infinity : Math.abs(actual[i] - value));
  });
  return worst / largest;
}

const listOf = (predicted) => ("data" in predicted ? [predicted] : Object.values(predicted));

async function learns(network, inputs) {
  if (network.outputs.length > 1 || network.inputs.length > 1) return "several outputs";
  const model = new Model(network, { threads: 1 });
  const batch = inputs[0].shape[0];
  const size = network.outputShape.reduce((product, length) => product * length, 1);
  const y = {
    shape: [batch, ...network.outputShape],
    data: Float32Array.from({ length: batch * size }, (_, i) => Math.sin(i)),
  };
  model.compile({ optimizer: adam({ learningRate: 1e-3 }), loss: "mse" });
  const before = (await model.evaluate(inputs[0], y)).loss;
  await model.fit(inputs[0], y, { epochs: 12, batchSize: batch });
  const after = (await model.evaluate(inputs[0], y)).loss;
  if (!(after < before)) throw new Error(`does not learn: the loss goes from ${before} to ${after}`);
  return `loss ${before.toFixed(3)} to ${after.toFixed(3)}`;
}

async function again(network, inputs) {
  const model = new Model(network, { threads: 1 });
  const expected = listOf(await model.predict(inputs.length === 1 ? inputs[0] : inputs, { batchSize: 64 }));
  const file = exportOnnx(model);
  const session = await InferenceSession.create(file.bytes);
  const feeds = Object.fromEntries(
    file.inputs.map(({ name }, i) => [name, new Tensor("float32", inputs[i].data, inputs[i].shape)]),
  );
  const results = await session.run(feeds);
  return Math.max(
    ...file.outputs.map(({ name }, i) => difference(Float32Array.from(results[name].data), expected[i].data)),
  );
}

async function check(name) {
  const bytes = readFileSync(join(folder, name));
  const examples = join(folder, name.replace(".onnx", ".json"));
  if (!existsSync(examples)) {
    // ONNX Runtime took no examples drawn for its inputs: what is missing is listed all the same.
    importOnnx(bytes, { file: name });
    return "imported, and not compared";
  }
  const facts = JSON.parse(readFileSync(examples, "utf8"));
  const given = Object.values(facts.inputs).map(decoded);
  const hasOneInput = given.length === 1;
  const { network, notes } = importOnnx(bytes, {
    file: name,
    ...(hasOneInput && { input: given[0].shape.slice(1) }),
  });
  const inputs = given.map((array, i) => asInput(array, network.inputShapes[i]));
  const model = new Model(network, { threads: 1 });
  const predicted = listOf(await model.predict(hasOneInput ? inputs[0] : inputs, { batchSize: 64 }));
  const expected = Object.values(facts.outputs).map(decoded);
  const worst = Math.max(...expected.map(({ data }, i) => difference(predicted[i].data, data)));
  const general = network.layers.filter(({ layer }) => layer.className === "Operations").length;
  if (!(worst < TOLERANCE)) throw new Error(`differs by ${worst.toExponential(1)}`);
  const learnt = await learns(network, inputs);
  const exported = await again(network, inputs);
  if (!(exported < TOLERANCE)) throw new Error(`exported again, it differs by ${exported.toExponential(1)}`);
  return `${worst.toExponential(1)}, ${network.layers.length} layers, ${general} general; ${learnt}; again ${exported.toExponential(1)}${notes.length ? `; ${notes.length} notes` : ""}`;
}

let wrong = 0;
for (const name of readdirSync(folder)
  .filter((one) => one.endsWith(".onnx") && one.includes(part))
  .sort()) {
  try {
    console.log(name.padEnd(36), await check(name));
  } catch (error) {
    const isRefused = error.code === "unsupported" || error.code === "argument";
    if (!isRefused) wrong++;
    console.log(
      name.padEnd(36),
      isRefused ? "refused" : "WRONG",
      process.env.AURICLE_DEBUG ? error : error.message,
    );
  }
}
console.log(wrong, "wrong");
process.exitCode = wrong > 0 ? 1 : 0;
