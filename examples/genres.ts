/**
 * @file A course's assignment, cell by cell: a network that names the genre of a track. For Node.js from 22.18, which runs
 * TypeScript as it is.
 *
 *   node examples/genres.ts ./genres 10
 *
 * The first argument is a folder with a folder of recordings for each genre, such as GTZAN unpacked; without it, tracks in
 * ten styles are rendered by code, and the whole takes some minutes. The second one is the number of epochs.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  adam,
  adamw,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  earlyStopping,
  exampleNormalization,
  flatten,
  globalAveragePooling2d,
  maxPooling2d,
  metrics,
  oneCycle,
  reLU,
  sequential,
  type EpochLogs,
  type History,
  type IntArray,
  type Model,
} from "auricle";
import { axisStepsOf, FRONT_END_PRESETS } from "auricle/audio";
import { readAudioFile } from "auricle/audio/node";
import { AudioModel, indexOfLargest, audioMetadata } from "auricle/audio-model";
import {
  openAudioCollection,
  prepareFeatures,
  splitCollection,
  windowDataset,
  writeStylesFolder,
  type AudioClip,
  type FeatureStore,
} from "auricle/data";

async function renderStyles(): Promise<string> {
  const folder = join(tmpdir(), "auricle-styles");
  await writeStylesFolder(folder, { tracksPerStyle: 20 }, ({ done, total }) => {
    if (done % 50 === 0) console.log(`${done} of ${total} tracks rendered into ${folder}`);
  });
  return folder;
}

const [folder = await renderStyles(), epochs = "10"] = process.argv.slice(2);

// 1. List the tracks. A track's folder is its genre; genres are numbered in alphabetical order.
console.log("\n1. Tracks");
const collection = await openAudioCollection(folder);
const { classNames, clips } = collection;
console.log(`${clips.length} tracks of ${classNames.length} genres: ${classNames.join(", ")}`);

// What is a track? Numbers, and how many of them there are in a second.
const { samples, sampleRate } = await readAudioFile(clips[0].path);
console.log(`${clips[0].id}: ${samples.length} samples at ${sampleRate} Hz`);

// 2. Split them: 85 % to learn from, 10 % for validation, 5 % for the test. Whole tracks are split, before windows are cut:
// windows of one track sound alike, and must not be on both sides. (GTZAN holds some recordings twice; docs/data.md says what
// to do about it.)
console.log("\n2. Split");
const { train, validation, test } = splitCollection(collection, { fractions: [0.85, 0.1, 0.05], seed: 0 });
console.log(
  `${train.length} training tracks, ${validation.length} validation tracks, ${test.length} test tracks`,
);

// 3. A generator of windows, since nobody needs 30 s to know a genre. From each track it cuts eight windows of 120 frames with
// the genre as target: for training at other random places in each epoch, otherwise evenly spaced.
const WINDOW_FRAMES = 120;
function windows(store: FeatureStore, tracks: readonly AudioClip[], mode: "random" | "regular") {
  return windowDataset(store, tracks, {
    mode,
    windowFrames: WINDOW_FRAMES,
    windowsPerClip: 8,
    classNames,
  });
}

// 4. What the network sees: the short-time Fourier transform of each track in decibels. It is computed once, and kept in a
// cache for the next run. Tracks that cannot be read are named and left out.
console.log("\n4. Spectrograms");
const spectrogram = {
  kind: "spectrogram",
  fftSize: 256,
  hopLength: 64,
  scale: { kind: "decibels" },
} as const;
const features = await prepareFeatures(clips, spectrogram, { minimumFrames: WINDOW_FRAMES });
for (const { path, problem } of features.problems) console.log(`left out: ${path}: ${problem}`);
const canBeRead = (clip: AudioClip) => features.has(clip);
const trainWindows = windows(features, train, "random");
const validationWindows = windows(features, validation, "regular");
console.log(
  `${trainWindows.length} windows in an epoch, ${trainWindows.inputShape.join(" × ")} numbers each`,
);

// 5. The network to be improved: one convolution, one pooling, one dense layer. It gives logits, so there is no softmax.
console.log("\n5. The first network");
const first = sequential(
  [
    conv2d({
      filters: 4,
      kernelSize: 5,
      padding: "same",
      activation: "relu",
      inputShape: trainWindows.inputShape,
    }),
    maxPooling2d({ poolSize: 2, padding: "same" }),
    flatten(),
    dense({ units: classNames.length }),
  ],
  { name: "first", axisNames: trainWindows.axisNames },
);
first.compile({
  optimizer: adam({ learningRate: 1e-4 }),
  loss: "softmaxCrossEntropy",
  metrics: ["accuracy"],
});

// 6. Its summary: shapes, parameters, and what one output sees of the input.
console.log(first.summary({ units: axisStepsOf(features.frontEnd) }));

// 7. Fit. Before that, does the loss make sense? To guess, all genres being equally likely, costs ln(genres). It is far above:
// decibels are large numbers, and the network takes them as they are.
console.log("\n7. Fit");
const untrained = await first.evaluate(validationWindows);
console.log(
  `loss before training ${untrained.loss.toFixed(3)}, of guessing ${Math.log(classNames.length).toFixed(3)}`,
);
const printEpoch = {
  onEpochEnd: (epoch: number, { loss, accuracy, valLoss, valAccuracy }: EpochLogs) =>
    console.log(
      `epoch ${epoch + 1}: loss ${loss.toFixed(3)}, accuracy ${accuracy.toFixed(3)}; ` +
        `validation: loss ${valLoss.toFixed(3)}, accuracy ${valAccuracy.toFixed(3)}`,
    ),
};
const firstHistory = await first.fit(trainWindows, {
  epochs: Number(epochs),
  validationData: validationWindows,
  callbacks: printEpoch,
});

// 8. Curves: one bar for each epoch.
function printCurves(history: History): void {
  const bars = "▁▂▃▄▅▆▇█";
  for (const [training, held] of [
    ["loss", "valLoss"],
    ["accuracy", "valAccuracy"],
  ]) {
    const largest = Math.max(...history[training], ...history[held]);
    for (const name of [training, held]) {
      const curve = history[name]
        .map((value) => bars[Math.min(7, Math.floor((8 * value) / largest))])
        .join("");
      console.log(`${name.padEnd(12)} ${curve}`);
    }
  }
}
console.log("\n8. Curves");
printCurves(firstHistory);

// 9. Confusion matrix. A model that says what it hears takes whole tracks: it cuts them into windows, and what it says of a
// track is the mean over them.
async function confusion(model: Model, tracks: readonly AudioClip[]): Promise<IntArray> {
  const listener = new AudioModel(model);
  const outputs: number[] = [];
  for (const { path } of tracks) {
    const prediction = await listener.predict(await readAudioFile(path));
    outputs.push(...prediction.outputs);
  }
  const labels = tracks.map(({ label }) => label);
  return metrics.confusionMatrix(Float32Array.from(outputs), labels, classNames.length);
}

function printConfusion({ data }: IntArray): void {
  console.log("rows: the true genre, columns: the predicted one, in the same order");
  const width = Math.max(...classNames.map(({ length }) => length));
  classNames.forEach((name, genre) => {
    const row = data.subarray(genre * classNames.length, (genre + 1) * classNames.length);
    console.log(name.padEnd(width) + [...row].map((count) => String(count).padStart(4)).join(""));
  });
}

first.metadata = audioMetadata({
  task: "classification",
  classNames,
  frontEnd: spectrogram,
  windowFrames: WINDOW_FRAMES,
});
console.log("\n9. Confusion matrix of the validation tracks");
printConfusion(await confusion(first, validation.filter(canBeRead)));

// 10. A better one. It hears 2.8 s instead of 0.35 s, on the mel scale, as ears do. Normalisation makes small numbers of
// decibels, and loud recordings the same as soft ones. Four blocks of convolution and pooling see more and more of the
// spectrogram; its mean over time and frequency takes the place of the dense layer, which had nearly all parameters and
// learned by heart. Dropout and weight decay work against that too; the learning rate rises and falls; and after the last
// epoch the weights of the best one are put back.
console.log("\n10. A better network");
const melSpectrogram = FRONT_END_PRESETS["librosa-log-mel"];
const melFeatures = await prepareFeatures(clips, melSpectrogram, { minimumFrames: WINDOW_FRAMES });
const melTrain = windows(melFeatures, train, "random");
const block = (filters: number) => [
  conv2d({ filters, kernelSize: 3, padding: "same", useBias: false }),
  batchNormalization({ momentum: 0.9 }),
  reLU(),
  maxPooling2d({ poolSize: 2 }),
];
const better = sequential(
  [
    exampleNormalization({ inputShape: melTrain.inputShape }),
    ...block(16),
    ...block(32),
    ...block(64),
    ...block(64),
    globalAveragePooling2d(),
    dropout({ rate: 0.3 }),
    dense({ units: classNames.length }),
  ],
  { name: "better", axisNames: melTrain.axisNames },
);
const totalSteps = Number(epochs) * Math.ceil(melTrain.length / 32);
better.compile({
  optimizer: adamw({ learningRate: oneCycle({ maxLearningRate: 3e-3, totalSteps }), weightDecay: 0.01 }),
  loss: "softmaxCrossEntropy",
  metrics: ["accuracy"],
});
console.log(better.summary({ units: axisStepsOf(melFeatures.frontEnd) }));
const betterHistory = await better.fit(melTrain, {
  epochs: Number(epochs),
  validationData: windows(melFeatures, validation, "regular"),
  callbacks: [printEpoch, earlyStopping({ patience: 10 })],
});
printCurves(betterHistory);
better.metadata = audioMetadata({
  task: "classification",
  classNames,
  frontEnd: melSpectrogram,
  windowFrames: WINDOW_FRAMES,
});
printConfusion(await confusion(better, validation.filter(canBeRead)));

// 11. The test: tracks that no decision was made with. The fewer they are, the less their accuracy says.
console.log("\n11. Test");
const testTracks = test.filter(canBeRead);
const matrix = await confusion(better, testTracks);
printConfusion(matrix);
const { accuracy } = metrics.classificationReport(matrix);
const count = testTracks.length;
const { low, high } = metrics.wilsonInterval(Math.round(accuracy * count), count);
const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
console.log(
  `test accuracy: ${percent(accuracy)} of ${count} tracks (95 % interval ${percent(low)} … ${percent(high)})`,
);

// 12. Listen to one recording.
console.log("\n12. One recording");
const listener = new AudioModel(better);
const heard = await listener.predict(await readAudioFile(testTracks[0].path));
const guess = indexOfLargest(heard.outputs);
console.log(
  `${testTracks[0].id}: ${classNames[guess]}, with a probability of ${heard.outputs[guess].toFixed(2)}`,
);
