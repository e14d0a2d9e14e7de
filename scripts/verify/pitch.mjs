/** @file A number is learnt from sound: the pitch of single notes, tested on timbres that training has not heard. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** A quarter-tone. */
const LARGEST_ERROR = 0.5;

/** A blown one, a plucked one and a struck one, of fourteen instruments. */
const UNHEARD = ["saxophone", "steelGuitar", "vibraphone"];

const NOTES_PER_INSTRUMENT = 240;
const [EPOCHS, BATCH_SIZE] = [10, 16];

/** Semitones from C2 to B7. */
const FRONT_END = {
  kind: "constantQ",
  hopLength: 2048,
  bins: 72,
  minFrequency: 65.40639132514966,
  scale: { kind: "decibels", reference: "max" },
};

export async function verifyPitch(checks, folder, root) {
  const load = (path) => import(pathToFileURL(join(root, "dist", path)).href);
  const { adamw, featureStatistics, Model, oneCycle } = await load("index.js");
  const { openAudioCollection, prepareFeatures, windowDataset, writeNotesFolder } =
    await load("data/index.js");
  const { melCnn } = await load("models/index.js");

  console.log(`Rendering ${NOTES_PER_INSTRUMENT} notes of each instrument …`);
  const list = await writeNotesFolder(join(folder, "notes"), { notesPerInstrument: NOTES_PER_INSTRUMENT });
  const { clips } = await openAudioCollection(list);
  const store = await prepareFeatures(clips, FRONT_END, {
    cacheFolder: join(folder, "features"),
    strict: true,
  });
  const heard = clips.filter(({ group }) => !UNHEARD.includes(group));
  const unheard = clips.filter(({ group }) => UNHEARD.includes(group));
  const scale = scaleOf(heard.map(({ target }) => target[0]));
  const windows = (some) =>
    windowDataset(
      store,
      some.map((clip) => ({ ...clip, target: clip.target.map(scale.standardise) })),
      { mode: "regular", windowFrames: store.frames(clips[0]) },
    );

  const training = windows(heard);
  const model = new Model(
    melCnn({
      inputShape: training.inputShape,
      classes: 1,
      normalization: await featureStatistics(training, { axis: 2 }),
      pooling: "time",
    }),
  );
  const totalSteps = EPOCHS * Math.ceil(training.length / BATCH_SIZE);
  model.compile({
    optimizer: adamw({ learningRate: oneCycle({ maxLearningRate: 3e-3, totalSteps }), weightDecay: 0.01 }),
    loss: "meanSquaredError",
  });
  await model.fit(training, { epochs: EPOCHS, batchSize: BATCH_SIZE });

  const outputs = await model.predict(await inputsOf(windows(unheard)));
  const errors = unheard.map(({ target }, i) => Math.abs(scale.back(outputs.data[i]) - target[0]));
  const mean = meanOf(errors);
  const byTimbre = UNHEARD.map((name) => {
    const own = errors.filter((_, i) => unheard[i].group === name);
    return `${name} ${meanOf(own).toFixed(2)}`;
  });
  checks.check(
    "the pitch of notes of timbres never heard is named within a quarter-tone",
    mean <= LARGEST_ERROR,
    `mean error ${mean.toFixed(3)} semitones of ${errors.length} notes (${byTimbre.join(", ")})`,
  );
}

/** All inputs of a data set. */
async function inputsOf(dataset) {
  const { length, inputShape, targetShape } = dataset;
  const size = (shape) => shape.reduce((product, axis) => product * axis, length);
  const data = new Float32Array(size(inputShape));
  await dataset.read(
    Uint32Array.from({ length }, (_, i) => i),
    data,
    new Float32Array(size(targetShape)),
  );
  return { shape: [length, ...inputShape], data };
}

function meanOf(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** To numbers with mean 0 and deviation 1, and back. */
function scaleOf(values) {
  const mean = meanOf(values);
  const deviation = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
  return {
    standardise: (value) => (value - mean) / deviation,
    back: (value) => value * deviation + mean,
  };
}
