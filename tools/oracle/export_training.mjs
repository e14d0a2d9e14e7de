/**
 * @file Trains mel-cnn for two epochs as `auricle train` does by default, but without dropout, and writes all that PyTorch needs to make the same
 * steps: the weights before, each batch as the network gets it, and each step's loss.
 *
 *     node tools/oracle/export_training.mjs <folder>
 */
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const built = (path) => new URL(`../../dist/${path}`, import.meta.url).href;
const { adamw, featureStatistics, Model, networkFromConfig, oneCycle } = await import(built("index.js"));
const { openAudioCollection, prepareFeatures, windowDataset } = await import(built("data/index.js"));
const { FRONT_END_PRESETS } = await import(built("audio/front-end/index.js"));
const { melCnn } = await import(built("models/index.js"));

const [folder] = process.argv.slice(2);
const FRAMES = 129;
const EPOCHS = 2;
/** The schedule is that of a whole training. */
const PLANNED_EPOCHS = 40;
const CLIPS = 120;
const BATCH = 32;
const augmentation = { frequencyMasks: { count: 1, width: 16 }, timeMasks: { count: 1, width: 26 } };
const recipe = { learningRate: 0.003, weightDecay: 0.01, labelSmoothing: 0.1 };

const { clips, classNames } = await openAudioCollection("styles");
const chosen = clips.filter((_, i) => i % Math.floor(clips.length / CLIPS) === 0);
const store = await prepareFeatures(chosen, FRONT_END_PRESETS["librosa-log-mel"], { minimumFrames: FRAMES });
const random = { mode: "random", windowFrames: FRAMES, windowsPerClip: 3, seed: 0 };
const normalization = await featureStatistics(windowDataset(store, chosen, random), {
  axis: [2, 3],
  range: true,
});
const windows = windowDataset(store, chosen, { ...random, augmentation, maskFill: normalization.mean });

const { config } = melCnn({
  inputShape: windows.inputShape,
  classes: classNames.length,
  seed: 7,
  normalization,
});
for (const { className, config: options } of config.layers) if (className === "Dropout") options.rate = 0;
const network = networkFromConfig(config);
const plain = (weights) =>
  Object.fromEntries([...weights].map(([path, { shape, data }]) => [path, { shape, data: [...data] }]));
const before = plain(network.getWeights());

const inputs = openSync(join(folder, "inputs.f32"), "w");
const targets = openSync(join(folder, "targets.f32"), "w");
const recorded = new Proxy(windows, {
  get(own, name) {
    if (name !== "read") {
      const value = own[name];
      return typeof value === "function" ? value.bind(own) : value;
    }
    return async (indices, x, y) => {
      await own.read(indices, x, y);
      writeSync(
        inputs,
        new Uint8Array(x.buffer, x.byteOffset, (x.byteLength / x.length) * indices.length * FRAMES * 128),
      );
      writeSync(targets, new Uint8Array(y.buffer, y.byteOffset, 4 * indices.length * classNames.length));
    };
  },
});

const model = new Model(network);
const steps = PLANNED_EPOCHS * Math.ceil(windows.length / BATCH);
model.compile({
  optimizer: adamw({
    learningRate: oneCycle({ maxLearningRate: recipe.learningRate, totalSteps: steps }),
    weightDecay: recipe.weightDecay,
  }),
  loss: { name: "softmaxCrossEntropy", labelSmoothing: recipe.labelSmoothing },
});
const losses = [];
await model.fit(recorded, {
  epochs: EPOCHS,
  batchSize: BATCH,
  callbacks: [{ onBatchEnd: (_, { loss, size }) => void losses.push({ loss, size }) }],
});
for (const file of [inputs, targets]) closeSync(file);
const classes = classNames.length;
writeFileSync(
  join(folder, "training.json"),
  JSON.stringify({ ...recipe, steps, classes, frames: FRAMES, before, losses }),
);
