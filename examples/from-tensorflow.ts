/**
 * @file An MNIST script written for TensorFlow.js' `tf.layers`, moved to Auricle and run on the built-in digits. Comments show
 * the lines that changed; docs/layers-and-training.md lists every edit.
 */
import {
  adam,
  compile,
  conv2d,
  dense,
  flatten,
  floatArray,
  intArray,
  maxPooling2d,
  metrics,
  sequential,
} from "auricle";
import { digitsDataset } from "auricle/data";
import { argMax } from "auricle/ops";

const NUM_CLASSES = 10;

// const model = tf.sequential(); model.add(tf.layers.conv2d({ … })); …
const model = sequential([
  conv2d({
    inputShape: [28, 28, 1],
    kernelSize: 5,
    filters: 8,
    strides: 1,
    activation: "relu",
    kernelInitializer: "varianceScaling",
  }),
  maxPooling2d({ poolSize: [2, 2], strides: [2, 2] }),
  conv2d({
    kernelSize: 5,
    filters: 16,
    strides: 1,
    activation: "relu",
    kernelInitializer: "varianceScaling",
  }),
  maxPooling2d({ poolSize: [2, 2], strides: [2, 2] }),
  flatten(),
  // tf.layers.dense({ units: NUM_CLASSES, kernelInitializer: "varianceScaling", activation: "softmax" })
  dense({ units: NUM_CLASSES, kernelInitializer: "varianceScaling" }),
]);

// optimizer: tf.train.adam()
model.compile({ optimizer: adam(), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
// model.summary();
console.log(model.summary());

async function readExamples(role: "train" | "test", count: number) {
  const digits = digitsDataset({ role, count });
  const images = new Float32Array(count * 28 * 28);
  const labels = new Int32Array(count);
  await digits.read([...labels.keys()], images, labels);
  return {
    xs: floatArray(images, [count, 28, 28, 1]), // tf.tensor4d(images, [count, 28, 28, 1])
    ys: intArray(labels, [count]), // tf.oneHot(tf.tensor1d(labels, "int32"), NUM_CLASSES)
  };
}

const train = await readExamples("train", 3000);
await model.fit(train.xs, train.ys, {
  batchSize: 32,
  validationSplit: 0.15,
  epochs: 8,
  callbacks: {
    // onEpochEnd: async (epoch, { loss, acc, val_loss, val_acc }) => { …; await tf.nextFrame(); }
    onEpochEnd: (epoch, { loss, accuracy, valLoss, valAccuracy }) =>
      console.log(
        `epoch ${epoch + 1}: loss ${loss.toFixed(3)}, accuracy ${accuracy.toFixed(3)}, ` +
          `validation loss ${valLoss.toFixed(3)}, accuracy ${valAccuracy.toFixed(3)}`,
      ),
  },
});

const test = await readExamples("test", 500);
// const [loss, acc] = model.evaluate(test.xs, test.ys).map((scalar) => scalar.dataSync()[0]);
const { loss, accuracy } = await model.evaluate(test.xs, test.ys);
console.log(`test: loss ${loss.toFixed(3)}, accuracy ${accuracy.toFixed(3)}`);

// const predicted = tf.tidy(() => model.predict(test.xs).argMax(-1).dataSync());
const logits = await model.predict(test.xs);
const predicted = compile((scores) => argMax(scores, -1), [logits.shape])(logits).data;
const correct = predicted.filter((label, i) => label === test.ys.data[i]).length;
console.log(`${correct} of ${predicted.length} digits classified correctly`);

// const probabilities = model.predict(test.xs).dataSync();
const probabilities = metrics.outputPredictions(logits, "softmax");
console.log(`probability of the first answer: ${probabilities[predicted[0]].toFixed(3)}`);
// There is nothing to dispose of.
