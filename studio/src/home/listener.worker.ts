/** @file The first view's network: it is trained here within seconds, and then listens to a sound window by window. */
import {
  adam,
  conv2d,
  dense,
  floatArray,
  Generator,
  globalAveragePooling2d,
  maxPooling2d,
  modelToBytes,
  normalization,
  sequential,
} from "auricle";
import { FeatureExtractor, frontEnd, frequenciesOf, resample } from "auricle/audio";
import { audioMetadata } from "auricle/audio-model";
import { activations } from "auricle/explain";
import { expose, transfer } from "comlink";
import { SAMPLE_RATE } from "../objects/instruments.ts";
import { imitation, KINDS } from "./imitations.ts";

const HOP = 256;
const FRAMES = 32;
const BANDS = 40;
const EXAMPLES = 900;
/** Sounds that it is tested on and does not learn from. */
const TESTS = 200;
const EPOCHS = 24;
/** Frames from one window to the next: 32 ms. */
const STEP = 2;

const FRONT_END = {
  kind: "melSpectrogram",
  sampleRate: SAMPLE_RATE,
  fftSize: 1024,
  hopLength: HOP,
  melBands: BANDS,
  scale: { kind: "decibels", topDb: null },
} as const;
/** In decibels: what is quieter or louder counts as this. */
const [QUIETEST, LOUDEST] = [-60, 50];

const extractor = new FeatureExtractor(frontEnd(FRONT_END), { threads: 1 });

const model = sequential(
  [
    normalization({
      axis: [],
      mean: -10,
      variance: 30 ** 2,
      minimum: QUIETEST,
      maximum: LOUDEST,
      inputShape: [FRAMES, BANDS, 1],
      name: "levels",
    }),
    conv2d({ filters: 8, kernelSize: 3, padding: "same", activation: "relu", name: "edges" }),
    maxPooling2d({ poolSize: 2, name: "halves" }),
    conv2d({ filters: 12, kernelSize: 3, padding: "same", activation: "relu", name: "shapes" }),
    maxPooling2d({ poolSize: 2, name: "quarters" }),
    conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "relu", name: "sounds" }),
    globalAveragePooling2d(),
    dense({ units: KINDS.length, name: "answer" }),
  ],
  { seed: 5, name: "first-view" },
);
model.metadata = audioMetadata({
  task: "tagging",
  classNames: KINDS,
  frontEnd: FRONT_END,
  windowFrames: FRAMES,
});

/** The layers that the convolutions read. */
const INPUTS = { edges: "levels", shapes: "halves", sounds: "quarters" } as const;
export type ConvolutionName = keyof typeof INPUTS;

/** The windows of the sound that was heard last, [windows, FRAMES, BANDS]. */
let windowsHeard = new Float32Array();

/** The first `FRAMES` frames of a window's features. */
function featuresOf(samples: Float32Array): Float32Array {
  return extractor.extract(samples).subarray(0, FRAMES * BANDS);
}

/** Features and answers of imitations that are made up now. */
function imitations(count: number, generator: Generator) {
  const made = Array.from({ length: count }, () => imitation(generator));
  const x = new Float32Array(count * FRAMES * BANDS);
  made.forEach(({ samples }, i) => x.set(featuresOf(samples), i * FRAMES * BANDS));
  return {
    x: floatArray(x, [count, FRAMES, BANDS, 1]),
    y: floatArray(
      made.flatMap(({ answers }) => answers),
      [count, KINDS.length],
    ),
  };
}

export interface LayerMaps {
  readonly name: string;
  /** [windows, rows (time), columns (frequency), maps] */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** The layer's largest value in this sound. */
  readonly most: number;
}

export interface Behind {
  readonly layer: ConvolutionName;
  readonly window: number;
  /** The input's: frames, bands, maps. */
  readonly shape: readonly number[];
  readonly input: Float32Array;
  /** [3 frames, 3 bands, maps of the input, maps] */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

const listener = {
  /** @param tell is called after each epoch with the part that is done, and the part of right answers on sounds it has not heard */
  async train(tell: (part: number, accuracy: number) => void) {
    const generator = new Generator(11);
    const [examples, tests] = [imitations(EXAMPLES, generator), imitations(TESTS, generator)];
    model.compile({
      optimizer: adam({ learningRate: 0.004 }),
      loss: "binaryCrossEntropy",
      metrics: ["binaryAccuracy"],
    });
    const started = performance.now();
    await model.fit(examples.x, examples.y, {
      epochs: EPOCHS,
      batchSize: 32,
      validationData: [tests.x, tests.y],
      callbacks: [
        { onEpochEnd: (epoch, { valBinaryAccuracy }) => tell((epoch + 1) / EPOCHS, valBinaryAccuracy) },
      ],
    });
    return { seconds: (performance.now() - started) / 1000, examples: EXAMPLES };
  },

  /** The trained network with its front end, as a model file. */
  file() {
    const bytes = modelToBytes(model);
    return transfer(bytes, [bytes.buffer]);
  },

  /** The spectrogram of a sound, [bands, frames] from low to high, and the network's layers for each window. */
  async listen(samples: Float32Array, sampleRate: number) {
    const audio = await resample({ samples, sampleRate }, SAMPLE_RATE);
    const peak = audio.samples.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    const padded = new Float32Array(Math.max(audio.samples.length, FRAMES * HOP));
    padded.set(audio.samples.map((value) => (0.8 * value) / peak));
    const frames = extractor.extract(padded);
    const frameCount = frames.length / BANDS;
    const windows = Math.floor((frameCount - FRAMES) / STEP) + 1;
    const x = new Float32Array(windows * FRAMES * BANDS);
    for (let i = 0; i < windows; i++) {
      x.set(frames.subarray(i * STEP * BANDS, (i * STEP + FRAMES) * BANDS), i * FRAMES * BANDS);
    }
    windowsHeard = x;
    const names = ["edges", "shapes", "sounds", "answer"] as const;
    const found = await activations(model, floatArray(x, [windows, FRAMES, BANDS, 1]), names);
    const layers = names.map((name): LayerMaps => {
      const { shape, data } = found[name];
      // Its outputs are logits; a probability is what can be read.
      if (name === "answer") data.forEach((logit, i) => (data[i] = 1 / (1 + Math.exp(-logit))));
      return { name, shape, values: data, most: data.reduce((most, value) => Math.max(most, value), 1e-6) };
    });
    // From 0 to 1, as a picture needs it.
    const spectrogram = new Float32Array(frames.length);
    for (let frame = 0; frame < frameCount; frame++) {
      for (let band = 0; band < BANDS; band++)
        spectrogram[band * frameCount + frame] =
          (frames[frame * BANDS + band] - QUIETEST) / (LOUDEST - QUIETEST);
    }
    const result = {
      spectrogram,
      frames: frameCount,
      bands: BANDS,
      frequencies: frequenciesOf(extractor.frontEnd),
      seconds: ((frameCount - 1) * HOP) / SAMPLE_RATE,
      windowFrames: FRAMES,
      step: STEP,
      windows,
      layers,
    };
    return transfer(result, [spectrogram.buffer, ...layers.map(({ values }) => values.buffer)]);
  },

  /** The numbers behind a layer's maps in one window of the sound that was heard last: what it reads, [frames, bands, maps], and its weights. */
  async behind(layer: ConvolutionName, window: number): Promise<Behind> {
    const size = FRAMES * BANDS;
    const x = floatArray(windowsHeard.slice(window * size, (window + 1) * size), [1, FRAMES, BANDS, 1]);
    const found = await activations(model, x, [INPUTS[layer]]);
    const { shape, data } = found[INPUTS[layer]];
    const weights = model.getWeights();
    const [kernel, bias] = ["kernel", "bias"].map((name) =>
      Float32Array.from(weights.get(`${layer}/${name}`)?.data ?? []),
    );
    return { layer, window, shape: shape.slice(1), input: Float32Array.from(data), kernel, bias };
  },
};

export type Listener = typeof listener;
export type Heard = Awaited<ReturnType<Listener["listen"]>>;
expose(listener);
