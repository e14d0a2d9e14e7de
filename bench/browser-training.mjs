/**
 * @file The measurements of LeNet-5 in a browser: in the studio's lesson, with the same threads in Node.js on WebAssembly, and by
 * TensorFlow.js in the same browser, on plain JavaScript and on WebGL. Digits a second; batches of 32, softmax cross-entropy, Adam.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const WARM_UP_SECONDS = 4;
const BATCH = 32;

/** Trains in the lesson. @param {number} seconds @returns the speed that it tells, the median over the measured time, and its threads */
export async function inPage(studio, seconds) {
  const page = await studio.open("#/learn/lenet");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  const said = page.locator(".training .speed");
  await page.getByText(/digits seen/).waitFor({ timeout: 60_000 });
  await page.waitForTimeout(WARM_UP_SECONDS * 1000);
  const rates = [];
  let threads = 1;
  for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
    await page.waitForTimeout(100);
    const text = await said.textContent();
    rates.push(Number(/([\d,]+) a second/.exec(text)[1].replaceAll(",", "")));
    threads = Number(/on (\d+) threads/.exec(text)?.[1] ?? 1);
  }
  await page.close();
  return { rate: median(rates), threads };
}

/** The same training, in this process. @param {number} threads @param {number} seconds */
export async function inNode(threads, seconds) {
  const [{ Model }, { lenet5 }, { digitsDataset }] = await Promise.all([
    import("../dist/nn/index.js"),
    import("../dist/models/index.js"),
    import("../dist/data/index.js"),
  ]);
  const model = new Model(lenet5({ seed: 1 }), { target: "wasm", threads });
  model.compile({ optimizer: "adam", loss: "softmaxCrossEntropy", metrics: ["accuracy"] });
  const begin = performance.now();
  const rates = [];
  let since = 0;
  let examples = 0;
  await model.fit(digitsDataset(), {
    batchSize: BATCH,
    epochs: 1000,
    callbacks: {
      onBatchEnd(_batch, { size }, training) {
        const now = performance.now();
        examples += size;
        if (now - since < 100) return;
        if (now - begin > WARM_UP_SECONDS * 1000) rates.push((1000 * examples) / (now - since));
        [since, examples] = [now, 0];
        if (now - begin > (WARM_UP_SECONDS + seconds) * 1000) training.stop();
      },
    },
  });
  return median(rates);
}

/** Trains with TensorFlow.js in the same browser. @returns rows of a name, threads, and a rate or why there is none */
export async function tensorFlowRows(studio, seconds) {
  const script = fileURLToPath(
    new URL("peers/node_modules/@tensorflow/tfjs/dist/tf.min.js", import.meta.url),
  );
  if (!existsSync(script)) return [];
  const rows = [];
  for (const backend of ["cpu", "webgl"]) {
    const page = await studio.browser.newPage();
    await page.addScriptTag({ path: script });
    const rate = await page
      .evaluate(trainTensorFlow, { backend, seconds, warmUp: WARM_UP_SECONDS, batch: BATCH })
      .catch((error) => String(error).split("\n")[0]);
    rows.push([`TensorFlow.js, ${backend}`, 1, rate]);
    await page.close();
  }
  return rows;
}

/** Runs in the page: the same network on random pictures, which take as long as digits. */
async function trainTensorFlow({ backend, seconds, warmUp, batch }) {
  const tf = globalThis.tf;
  if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} did not start`);
  const { layers } = tf;
  const model = tf.sequential();
  const convolution = (filters, padding) => ({ filters, kernelSize: 5, padding, activation: "tanh" });
  model.add(layers.conv2d({ ...convolution(6, "same"), inputShape: [28, 28, 1] }));
  model.add(layers.averagePooling2d({ poolSize: 2 }));
  model.add(layers.conv2d(convolution(16, "valid")));
  model.add(layers.averagePooling2d({ poolSize: 2 }));
  model.add(layers.flatten());
  model.add(layers.dense({ units: 120, activation: "tanh" }));
  model.add(layers.dense({ units: 84, activation: "tanh" }));
  model.add(layers.dense({ units: 10 }));
  model.compile({
    optimizer: tf.train.adam(1e-3),
    loss: (target, logits) => tf.losses.softmaxCrossEntropy(target, logits),
  });
  const x = tf.randomNormal([batch, 28, 28, 1]);
  const labels = Int32Array.from({ length: batch }, (_, i) => i % 10);
  const y = tf.oneHot(tf.tensor1d(labels, "int32"), 10).toFloat();
  const end = (time) => performance.now() + 1000 * time;
  for (const until = end(warmUp); performance.now() < until;) await model.trainOnBatch(x, y);
  let steps = 0;
  const begin = performance.now();
  for (const until = end(seconds); performance.now() < until; steps++) await model.trainOnBatch(x, y);
  return (1000 * batch * steps) / (performance.now() - begin);
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
