/**
 * @file The worker that trains. A page's main thread must stay free, and only a worker may wait for other threads; so
 * all of Auricle is in here, and the page gets figures by messages.
 */
import { chooseTarget, Model, usableThreads } from "auricle";
import { digitsDataset } from "auricle/data";
import { lenet5 } from "auricle/models";

const EPOCHS = 5;
const BATCH_SIZE = 64;
/** How many of the test images the page shows. */
const SHOWN = 20;

const training = digitsDataset({ role: "train" });
const test = digitsDataset({ role: "test" });
const shown = imagesOf(test, SHOWN);

/** The settings that Auricle would choose by itself; chosen here so that the page can show them. */
const engine = { threads: usableThreads(), target: chooseTarget() };

postMessage({
  kind: "ready",
  ...engine,
  isolated: crossOriginIsolated,
  images: shown.data,
  labels: shown.labels,
  steps: EPOCHS * Math.ceil(training.length / BATCH_SIZE),
});

/** @type {AbortController | undefined} */
let running;

globalThis.onmessage = ({ data }) => {
  if (data.kind === "stop") running?.abort();
  if (data.kind === "train")
    train().catch((error) => postMessage({ kind: "failed", message: error.message }));
};

async function train() {
  running = new AbortController();
  const model = new Model(lenet5({ seed: 1 }), engine);
  model.compile({ optimizer: "adam", loss: "softmaxCrossEntropy", metrics: ["accuracy"] });
  const showPredictions = async () => {
    const { data } = await model.predict(shown, { batchSize: SHOWN });
    postMessage({ kind: "predictions", classes: classesOf(data) });
  };
  await model.fit(training, {
    epochs: EPOCHS,
    batchSize: BATCH_SIZE,
    validationData: test,
    signal: running.signal,
    callbacks: {
      onBatchEnd: (batch, { loss, size }) => {
        postMessage({ kind: "batch", loss, size });
        if (batch % 20 === 0) return showPredictions();
      },
      onEpochEnd: (epoch, { valAccuracy }) =>
        postMessage({ kind: "epoch", epoch: epoch + 1, epochs: EPOCHS, accuracy: valAccuracy }),
    },
  });
  await showPredictions();
  postMessage({ kind: "done", stopped: running.signal.aborted });
}

/** The first `count` images of a data set as one array `[count, 28, 28, 1]`, with their classes. */
function imagesOf(dataset, count) {
  const shape = [count, ...dataset.inputShape];
  const data = new Float32Array(shape.reduce((product, size) => product * size));
  const labels = new Int32Array(count);
  dataset.read([...labels.keys()], data, labels);
  return { shape, data, labels };
}

/** The most likely class of each image, of logits `[images, 10]`. */
function classesOf(logits) {
  return Array.from({ length: logits.length / 10 }, (_, i) => {
    const row = logits.subarray(10 * i, 10 * (i + 1));
    return row.indexOf(Math.max(...row));
  });
}
