/**
 * @file A first layer that is trained to tell the pitch of tones in loud noise, from nothing but samples. Its filters become bands, and
 * where they lie follows from which pitches there are to be told apart.
 */
import {
  adam,
  batchNormalization,
  conv1d,
  dense,
  floatArray,
  Generator,
  globalAveragePooling1d,
  initializers,
  intArray,
  sequential,
} from "auricle";
import { magnitudeResponse } from "auricle/explain";
import { centreOf } from "./filters.ts";

/** How the pitches lie: at equal ratios, as notes do, or at equal distances in Hz. */
export type Spread = "ratio" | "distance";

export const EARS = { sampleRate: 16_000, filters: 24, taps: 64, lowest: 150, highest: 7000, points: 129 };
const LENGTH = 1024;
const PITCHES = 24;
const EXAMPLES = 2400;
const TESTS = 240;
const EPOCHS = 30;
/** The noise's effective size for a tone of size 1: so loud that a filter pays which lets little of it pass. */
const NOISE = 2;

export interface Ears {
  /** Gains relative to each filter's largest, `[filters, EARS.points]` from 0 Hz to half the rate, sorted by centre. */
  readonly gains: Float32Array;
  /** Hz. */
  readonly centres: readonly number[];
  /** `[filters, taps]`, in the same order. */
  readonly taps: Float32Array;
}

/** Hz of a pitch from 0 to 1. */
export function pitchAt(part: number, spread: Spread): number {
  const { lowest, highest } = EARS;
  return spread === "ratio" ? lowest * (highest / lowest) ** part : lowest + part * (highest - lowest);
}

function examples(count: number, spread: Spread, generator: Generator) {
  const x = new Float32Array(count * LENGTH);
  const y = Array.from({ length: count }, (_, i) => {
    const pitch = Math.floor(PITCHES * generator.uniform());
    const hertz = pitchAt((pitch + generator.uniform()) / PITCHES, spread);
    const [phase, size] = [2 * Math.PI * generator.uniform(), 0.2 + 0.6 * generator.uniform()];
    for (let t = 0; t < LENGTH; t++) {
      const tone = Math.sin(phase + (2 * Math.PI * hertz * t) / EARS.sampleRate);
      x[i * LENGTH + t] = size * (tone + NOISE * generator.normal());
    }
    return pitch;
  });
  return { x: floatArray(x, [count, LENGTH, 1]), y: intArray(y, [count]) };
}

/**
 * Trains the layer.
 * @param tell is called with the filters before the first epoch and after each, the part that is done, and the part of right answers
 *   on tones that were not learned from
 */
export async function learnEars(
  spread: Spread,
  tell: (ears: Ears, part: number, accuracy: number | undefined) => void,
  signal?: AbortSignal,
): Promise<void> {
  const generator = new Generator(3);
  const [training, tests] = [examples(EXAMPLES, spread, generator), examples(TESTS, spread, generator)];
  const network = sequential(
    [
      conv1d({
        name: "ears",
        filters: EARS.filters,
        kernelSize: EARS.taps,
        strides: 16,
        activation: "relu",
        useBias: false,
        kernelInitializer: initializers.randomNormal({ stddev: 0.01 }),
        inputShape: [LENGTH, 1],
      }),
      globalAveragePooling1d(),
      batchNormalization(),
      dense({ units: 48, activation: "relu" }),
      dense({ units: PITCHES }),
    ],
    { seed: 1, threads: 1 },
  );
  network.compile({
    optimizer: adam({ learningRate: 0.005, weightDecay: 1 }),
    loss: "softmaxCrossEntropy",
    metrics: ["accuracy"],
  });
  const ears = () => earsOf(network.getWeights().get("ears/kernel")?.data ?? []);
  tell(ears(), 0, undefined);
  await network.fit(training.x, training.y, {
    epochs: EPOCHS,
    batchSize: 32,
    validationData: [tests.x, tests.y],
    signal,
    callbacks: [{ onEpochEnd: (epoch, { valAccuracy }) => tell(ears(), (epoch + 1) / EPOCHS, valAccuracy) }],
  });
}

/** @param kernel `[taps, 1, filters]` */
function earsOf(kernel: ArrayLike<number>): Ears {
  const { filters, taps, points, sampleRate } = EARS;
  const found = Array.from({ length: filters }, (_, filter) => {
    const weights = Array.from({ length: taps }, (_, k) => kernel[k * filters + filter]);
    const gains = magnitudeResponse(weights, points);
    const most = gains.reduce((a, b) => Math.max(a, b), 1e-12);
    return { weights, gains: gains.map((gain) => gain / most), centre: centreOf(gains, sampleRate) };
  }).sort((a, b) => a.centre - b.centre);
  return {
    gains: Float32Array.from(found.flatMap(({ gains }) => [...gains])),
    centres: found.map(({ centre }) => centre),
    taps: Float32Array.from(found.flatMap(({ weights }) => weights)),
  };
}
