/**
 * @file The effect of each augmentation of pictures on accuracy, on small data: the same small network, recipe and split, with one
 * thing added after the other. A picture's test part is a fifth; each seed has another network, order and, for folders, another fifth.
 *
 *     npm run bench -- augmentation --data fashion-mnist --data digits --data ./photos --seeds 3
 *     npm run bench -- augmentation --data ./photos --classes animals/birds,food/fruit --size 48 --epochs 30
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const built = (path) => new URL(`../dist/${path}`, import.meta.url).href;
const { loadDataset, openImageCollection } = await import(built("data/index.js"));
const { pictureDataset, preparePixels } = await import(built("data/images/index.js"));
const {
  adamw,
  batchNormalization,
  conv2d,
  cosineDecay,
  dense,
  globalAveragePooling2d,
  maxPooling2d,
  reLU,

  sequential,
} = await import(built("index.js"));
const { Generator } = await import(built("random/generator.js"));

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", multiple: true },
    // Folders below the data's that count as classes; default: those directly in it.
    classes: { type: "string" },
    only: { type: "string" },
    seeds: { type: "string", default: "3" },
    first: { type: "string", default: "0" },
    epochs: { type: "string", default: "30" },
    size: { type: "string", default: "48" },
    // Training examples that are taken of an archive, and twice as many for the test.
    count: { type: "string", default: "1000" },
    threads: { type: "string", default: "1" },
  },
});
if (!flags.data) throw new Error("name the pictures: --data <folder or data set>, once for each");

const geometry = { shift: 0.1, rotation: 10, zoom: [0.9, 1.1] };
const light = { brightness: 0.2, contrast: 0.2 };
const color = { ...light, saturation: 0.2 };

/** By name: the changes, given the number of channels. */
const VARIANTS = {
  none: () => "none",
  shift: () => ({ shift: 0.1 }),
  "flip, shift": () => ({ shift: 0.1, horizontalFlip: true }),
  geometry: () => geometry,
  "geometry, colour": (channels) => ({ ...geometry, ...(channels === 3 ? color : light) }),
  "flip, geometry": () => ({ ...geometry, horizontalFlip: true }),
  "flip, geometry, colour": (channels) => ({
    ...geometry,
    ...(channels === 3 ? color : light),
    horizontalFlip: true,
  }),
  "geometry, cutout": () => ({ ...geometry, cutout: 0.3 }),
  "geometry, mixup": () => ({ ...geometry, mixup: { alpha: 0.2 } }),
  "geometry, crop": () => ({ ...geometry, crop: 0.7 }),
};

/** The first pictures of an archive, as examples with their pixels. */
async function archivePictures(name, role, count) {
  const dataset = await loadDataset(name, { role });
  const [height, width, channels] = dataset.inputShape;
  const size = height * width * channels;
  const inputs = new Float32Array(count * size);
  const targets = new (dataset.targetDtype === "int32" ? Int32Array : Float32Array)(
    count * dataset.targetShape.reduce((product, one) => product * one, 1),
  );
  await dataset.read(
    Uint32Array.from({ length: count }, (_, i) => i),
    inputs,
    targets,
  );
  const classes = dataset.classNames.length;
  const pixels = Uint8Array.from(inputs, (value) => Math.round(255 * value));
  const examples = Array.from({ length: count }, (_, i) => ({
    id: `${role}${i}`,
    path: name,
    index: i,
    label: targets[i],
    target: oneHot(targets[i], classes),
    group: String(i),
    split: undefined,
  }));
  const store = {
    format: { width, height, channels },
    has: () => true,
    read: ({ index }) => pixels.subarray(index * size, (index + 1) * size),
  };
  return { store, examples, classes };
}

function oneHot(label, classes) {
  const target = new Float32Array(classes);
  target[label] = 1;
  return target;
}

async function openArchive(name) {
  const count = Number(flags.count);
  const train = await archivePictures(name, "train", count);
  const test = await archivePictures(name, "test", Math.min(2000, 2 * count));
  return { ...train, parts: () => ({ train: train.examples, test: test.examples, testStore: test.store }) };
}

async function openFolder(folder) {
  const names = flags.classes?.split(",") ?? readdirSync(folder);
  const examples = [];
  for (const [label, name] of names.entries()) {
    for (const file of readdirSync(join(folder, name), { recursive: true }).sort()) {
      if (!/\.(png|jpe?g|webp)$/i.test(file) || /_mirror/.test(file)) continue;
      const path = join(folder, name, file);
      examples.push({
        id: path,
        path,
        label,
        target: oneHot(label, names.length),
        group: path,
        split: undefined,
      });
    }
  }
  const side = Number(flags.size);
  const store = await preparePixels(examples, { width: side, height: side, fit: "pad" });
  const usable = examples.filter((example) => store.has(example));
  return {
    store,
    classes: names.length,
    parts(seed) {
      const order = new Generator(seed % 1000).shuffle(usable.map((_, i) => i));
      const isTest = new Set(order.filter((_, place) => place % 5 === 0));
      return {
        train: usable.filter((_, i) => !isTest.has(i)),
        test: usable.filter((_, i) => isTest.has(i)),
        testStore: store,
      };
    },
  };
}

function network(inputShape, classes, seed) {
  const convolution = (filters, first = {}) => [
    conv2d({
      filters,
      kernelSize: 3,
      padding: "same",
      useBias: false,
      kernelInitializer: "heNormal",
      ...first,
    }),
    batchNormalization({ momentum: 0.9 }),
    reLU(),
    maxPooling2d({ poolSize: 2 }),
  ];
  return sequential(
    [
      ...convolution(16, { inputShape }),
      ...convolution(32),
      ...convolution(64),
      globalAveragePooling2d(),
      dense({ units: classes }),
    ],
    { seed, threads: Number(flags.threads) },
  );
}

async function accuracyOf({ store, classes, parts }, augmentation, seed) {
  const { train, test, testStore } = parts(seed);
  const { height, width, channels } = store.format;
  const model = network([height, width, channels], classes, seed);
  const [batchSize, epochs] = [32, Number(flags.epochs)];
  const steps = epochs * Math.ceil(train.length / batchSize);
  model.compile({
    optimizer: adamw({
      learningRate: cosineDecay({ initialLearningRate: 3e-3, decaySteps: steps }),
      weightDecay: 0.01,
    }),
    loss: "softmaxCrossEntropy",
    metrics: ["accuracy"],
  });
  const training = pictureDataset(store, train, { augmentation, seed });
  await model.fit(training, { epochs, batchSize });
  const { accuracy } = await model.evaluate(pictureDataset(testStore, test), { batchSize: 100 });
  return accuracy;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const only = flags.only?.split(";");
for (const data of flags.data) {
  const known = await openImageCollection(data).then(
    ({ archives }) => archives.size > 0,
    () => false,
  );
  const pictures = known ? await openArchive(data) : await openFolder(data);
  const { channels } = pictures.store.format;
  const seeds = Array.from({ length: Number(flags.seeds) }, (_, i) => Number(flags.first) + i);
  for (const [name, changes] of Object.entries(VARIANTS)) {
    if (only && !only.includes(name)) continue;
    const results = [];
    for (const seed of seeds) results.push(await accuracyOf(pictures, changes(channels), seed));
    const deviation = Math.sqrt(
      results.reduce((sum, one) => sum + (one - mean(results)) ** 2, 0) / Math.max(1, results.length - 1),
    );
    console.log(
      `${data}\t${name}\t${(100 * mean(results)).toFixed(1)} ± ${(100 * deviation).toFixed(1)} %\t` +
        results.map((one) => (100 * one).toFixed(1)).join(" "),
    );
  }
}
