/**
 * @file The recipe with which the small network reaches 93 % on Fashion-MNIST's test images: AdamW with one cycle of
 * the learning rate, eight epochs. Takes some minutes; wants the data set (see docs/data.md).
 */
import { adamw, Model, oneCycle } from "auricle";
import { loadDataset } from "auricle/data";
import { fashionCnn } from "auricle/models";

const EPOCHS = 8;
const BATCH_SIZE = 64;

const train = await loadDataset("fashion-mnist");
const test = await loadDataset("fashion-mnist", { role: "test" });
const totalSteps = EPOCHS * Math.ceil(train.length / BATCH_SIZE);
const model = new Model(fashionCnn({ seed: 0 }));
model.compile({
  optimizer: adamw({ learningRate: oneCycle({ maxLearningRate: 3e-3, totalSteps }), weightDecay: 0.02 }),
  loss: "softmaxCrossEntropy",
  metrics: ["accuracy"],
});
await model.fit(train, {
  epochs: EPOCHS,
  batchSize: BATCH_SIZE,
  callbacks: {
    onEpochEnd: (epoch, { loss, accuracy }) =>
      console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}`),
  },
});
const { accuracy } = await model.evaluate(test, { batchSize: 250 });
console.log(`test accuracy: ${accuracy}`);
