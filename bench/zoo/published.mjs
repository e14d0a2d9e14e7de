/** @file The zoo's networks that the library has no models of, as their papers have them but for the sizes of inputs. */
import {
  add,
  averagePooling2d,
  batchNormalization,
  concatenate,
  conv1d,
  conv2d,
  conv2dTranspose,
  dense,
  dropout,
  flatten,
  globalAveragePooling1d,
  globalAveragePooling2d,
  maxPooling1d,
  maxPooling2d,
  reLU,
  reshape,
} from "../../dist/nn/layers/index.js";
import {
  basicBlock,
  chain,
  convRelu,
  convUnit,
  denseBlock,
  fire,
  gatedLayer,
  groupedBlock,
  invertedResidual,
  separableUnit,
} from "./blocks.mjs";

/** @import { SymbolicTensor } from "../../dist/nn/layer.js" */

const CLASSES = 10;
const overlapping = () => maxPooling2d({ poolSize: 3, strides: 2, padding: 1 });
const halves = () => maxPooling2d({ poolSize: 2 });
const classes = () => dense({ units: CLASSES });
const pooledClasses = () => [globalAveragePooling2d(), classes()];
/** @param {...number} units */
const wide = (...units) => units.map((count) => dense({ units: count, activation: "relu" }));

/** @param {readonly number[]} counts of the blocks with 64, 128, 256 and 512 channels */
const resnet = (counts) => (/** @type {SymbolicTensor} */ image) =>
  chain(
    image,
    ...convUnit(64, 7, { strides: 2 }),
    overlapping(),
    ...counts.flatMap((count, level) =>
      Array.from({ length: count }, (_, i) => basicBlock(64 << level, i === 0 && level > 0 ? 2 : 1)),
    ),
    ...pooledClasses(),
  );

/** @param {SymbolicTensor} image */
const resnext = (image) =>
  chain(
    image,
    ...convUnit(64, 3),
    ...[256, 512, 1024].flatMap((filters, level) => [
      groupedBlock(filters, level === 0 ? 1 : 2, 32),
      groupedBlock(filters, 1, 32),
    ]),
    ...pooledClasses(),
  );

/** @param {SymbolicTensor} image */
const alexnet = (image) =>
  chain(
    image,
    ...convRelu(64, 11, { strides: 4, padding: 2 }),
    maxPooling2d({ poolSize: 3, strides: 2 }),
    ...convRelu(192, 5),
    maxPooling2d({ poolSize: 3, strides: 2 }),
    ...[384, 256, 256].flatMap((filters) => convRelu(filters, 3)),
    flatten(),
    ...wide(2048, 2048),
    classes(),
  );

/** @param {SymbolicTensor} image */
const vgg11 = (image) =>
  chain(
    image,
    ...[[64], [128], [256, 256], [512, 512], [512, 512]].flatMap((level) => [
      ...level.flatMap((filters) => convRelu(filters, 3)),
      halves(),
    ]),
    flatten(),
    ...wide(4096, 4096),
    classes(),
  );

const MOBILE_V1 = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/** @param {SymbolicTensor} image */
const mobilenetV1 = (image) =>
  chain(
    image,
    ...convUnit(32, 3, { strides: 2 }),
    ...MOBILE_V1.flatMap(([filters, strides]) => separableUnit(filters, strides)),
    ...pooledClasses(),
  );

/** Expansion, filters, how many, and the stride of the first. */
const MOBILE_V2 = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** @param {SymbolicTensor} image */
const mobilenetV2 = (image) =>
  chain(
    image,
    ...convUnit(32, 3, { strides: 2 }),
    ...MOBILE_V2.flatMap(([expansion, filters, count, strides]) =>
      Array.from({ length: count }, (_, i) => invertedResidual(filters, i === 0 ? strides : 1, expansion)),
    ),
    ...convUnit(1280, 1),
    ...pooledClasses(),
  );

/** @param {SymbolicTensor} image */
const squeezenet = (image) =>
  chain(
    image,
    ...convRelu(64, 3, { strides: 2 }),
    overlapping(),
    fire(16, 64),
    fire(16, 64),
    overlapping(),
    fire(32, 128),
    fire(32, 128),
    overlapping(),
    ...[48, 48, 64, 64].map((squeezed) => fire(squeezed, 4 * squeezed)),
    ...convRelu(CLASSES, 1),
    globalAveragePooling2d(),
  );

/** @param {SymbolicTensor} image */
const densenet = (image) =>
  chain(
    image,
    ...convUnit(24, 3),
    ...[6, 6].flatMap((layers) => [
      denseBlock(layers, 12),
      (/** @type {SymbolicTensor} */ tensor) =>
        chain(tensor, ...convUnit((tensor.shape.at(-1) ?? 0) / 2, 1), averagePooling2d({ poolSize: 2 })),
    ]),
    denseBlock(6, 12),
    batchNormalization(),
    reLU(),
    ...pooledClasses(),
  );

const UNET_WIDTHS = [16, 32, 64];

/** Its map of classes is averaged, so that it has logits as the others. @param {SymbolicTensor} image */
function unet(image) {
  const double = (/** @type {number} */ filters) => [...convUnit(filters, 3), ...convUnit(filters, 3)];
  /** @type {SymbolicTensor[]} */
  const kept = [];
  const down = UNET_WIDTHS.reduce((tensor, filters) => {
    kept.push(chain(tensor, ...double(filters)));
    return halves().apply(kept[kept.length - 1]);
  }, image);
  const up = UNET_WIDTHS.reduceRight(
    (tensor, filters, level) => {
      const larger = conv2dTranspose({ filters, kernelSize: 2, strides: 2 }).apply(tensor);
      return chain(concatenate().apply([kept[level], larger]), ...double(filters));
    },
    chain(down, ...double(128)),
  );
  return chain(up, conv2d({ filters: CLASSES, kernelSize: 1 }), globalAveragePooling2d());
}

/** Two stacks of dilations 1 to 128, 32 channels. @param {SymbolicTensor} wave */
function wavenet(wave) {
  /** @type {SymbolicTensor[]} */
  const skips = [];
  [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128].reduce(
    (tensor, dilation) => {
      const { next, skip } = gatedLayer(tensor, dilation);
      skips.push(skip);
      return next;
    },
    chain(wave, conv1d({ filters: 32, kernelSize: 2, padding: "causal" })),
  );
  const point = () => conv1d({ filters: 64, kernelSize: 1 });
  return chain(add().apply(skips), reLU(), point(), reLU(), point(), globalAveragePooling1d(), classes());
}

/** Tokozume and Harada 2017: 1.5 s at 16 kHz become 40 filters in time, which are taken for a picture. @param {SymbolicTensor} wave */
function envnet(wave) {
  const filters = (/** @type {number} */ count, /** @type {number[]} */ kernelSize) =>
    convUnit(count, kernelSize, { padding: "valid" });
  const first = [1, 2].flatMap(() => [
    conv1d({ filters: 40, kernelSize: 8, useBias: false }),
    batchNormalization(),
    reLU(),
  ]);
  const found = chain(wave, ...first, maxPooling1d({ poolSize: 160 }));
  return chain(
    found,
    reshape({ targetShape: [...found.shape, 1] }),
    ...filters(50, [13, 8]),
    maxPooling2d({ poolSize: 3 }),
    ...filters(50, [5, 1]),
    maxPooling2d({ poolSize: [3, 1] }),
    flatten(),
    ...[1, 2].flatMap(() => [dense({ units: 4096, activation: "relu" }), dropout({ rate: 0.5 })]),
    classes(),
  );
}

/** Hershey et al. 2017. @param {SymbolicTensor} spectrogram */
const vggish = (spectrogram) =>
  chain(
    spectrogram,
    ...[[64], [128], [256, 256], [512, 512]].flatMap((level) => [
      ...level.flatMap((filters) => convRelu(filters, 3)),
      halves(),
    ]),
    flatten(),
    ...wide(4096, 4096, 128),
    classes(),
  );

/** Kong et al. 2020. @param {number} kernelSize @param {number} layers in each of the four blocks */
const panns = (kernelSize, layers) => (/** @type {SymbolicTensor} */ spectrogram) =>
  chain(
    spectrogram,
    batchNormalization(),
    ...[64, 128, 256, 512].flatMap((filters) => [
      ...Array.from({ length: layers }, () => convUnit(filters, kernelSize)).flat(),
      averagePooling2d({ poolSize: 2 }),
    ]),
    globalAveragePooling2d(),
    ...wide(512),
    classes(),
  );

/** The tiny CREPE (Kim et al. 2018), on 1,024 samples at 16 kHz. @param {SymbolicTensor} wave */
function crepe(wave) {
  const level = (/** @type {number} */ filters, /** @type {number} */ kernelSize, strides = 1) => [
    conv1d({
      filters,
      kernelSize,
      strides,
      padding: [(kernelSize - strides) >> 1, (kernelSize - strides + 1) >> 1],
    }),
    reLU(),
    batchNormalization(),
    maxPooling1d({ poolSize: 2 }),
  ];
  const deeper = [16, 16, 16, 32, 64].flatMap((filters) => level(filters, 64));
  return chain(wave, ...level(128, 512, 4), ...deeper, flatten(), dense({ units: 360 }), classes());
}

/** Filters nearly as tall as a spectrogram, then long ones, as in musicnn. @param {SymbolicTensor} spectrogram */
const tall = (spectrogram) =>
  chain(
    spectrogram,
    ...convRelu(48, [86, 7], {
      padding: [
        [0, 0],
        [3, 3],
      ],
    }),
    maxPooling2d({ poolSize: [11, 1] }),
    ...convRelu(64, [1, 7]),
    ...pooledClasses(),
  );

/** Name → batch, input and network. */
export const PUBLISHED = {
  tall: { batch: 32, input: [96, 187, 1], build: tall },
  resnet34: { batch: 16, input: [96, 96, 3], build: resnet([3, 4, 6, 3]) },
  resnext: { batch: 16, input: [32, 32, 3], build: resnext },
  alexnet: { batch: 16, input: [128, 128, 3], build: alexnet },
  vgg11: { batch: 16, input: [64, 64, 3], build: vgg11 },
  "mobilenet-v1": { batch: 16, input: [96, 96, 3], build: mobilenetV1 },
  "mobilenet-v2": { batch: 16, input: [96, 96, 3], build: mobilenetV2 },
  squeezenet: { batch: 16, input: [128, 128, 3], build: squeezenet },
  densenet: { batch: 32, input: [32, 32, 3], build: densenet },
  unet: { batch: 8, input: [96, 96, 1], build: unet },
  wavenet: { batch: 8, input: [4096, 1], build: wavenet },
  envnet: { batch: 16, input: [24014, 1], build: envnet },
  vggish: { batch: 8, input: [96, 64, 1], build: vggish },
  cnn6: { batch: 8, input: [320, 64, 1], build: panns(5, 1) },
  cnn10: { batch: 8, input: [320, 64, 1], build: panns(3, 2) },
  "crepe-tiny": { batch: 32, input: [1024, 1], build: crepe },
};
