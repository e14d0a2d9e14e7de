/** @file No feature may explode, whatever training had and whatever comes later. */
import { describe, expect, it } from "vitest";
import { compile } from "../../graph/compile.ts";
import { Generator } from "../../random/generator.ts";
import { floatArray, type FloatArray } from "../../tensor/array.ts";
import { sequentialNetwork } from "../network-builders.ts";
import { exampleNormalization, normalization } from "./index.ts";
import {
  LEAST_DEVIATION,
  statisticsAccumulator,
  type FeatureStatistics,
} from "./normalization-statistics.ts";
import type { Layer } from "../layer.ts";

const [FRAMES, BINS] = [40, 12];

/** Generators of one frequency bin's features, by the kind of bin. */
const BIN_KINDS: Record<string, (random: Generator) => number> = {
  ordinary: (random) => -40 + 15 * random.normal(),
  constant: () => -80,
  "constant but for rounding": (random) => -80 + 1e-5 * random.normal(),
  "constant but for specks": (random) => (random.uniform() < 0.002 ? -70 : -80),
  zero: () => 0,
};

/** Features `[FRAMES, BINS, channels]`; each bin and channel is of a kind that `kindOf` names. */
function features(
  kindOf: (bin: number, channel: number) => string,
  channels: number,
  random: Generator,
): FloatArray {
  const data = Float32Array.from({ length: FRAMES * BINS * channels }, (_, i) => {
    const channel = i % channels;
    return BIN_KINDS[kindOf(Math.floor(i / channels) % BINS, channel)](random);
  });
  return { shape: [FRAMES, BINS, channels], data };
}

function statisticsOf(
  examples: readonly FloatArray[],
  axis: readonly number[],
  range: boolean,
): FeatureStatistics {
  const accumulator = statisticsAccumulator({ axis, range });
  for (const example of examples) accumulator.add(example);
  return accumulator.result();
}

function largest(layer: Layer, example: FloatArray): number {
  const network = sequentialNetwork([layer]);
  const shape = [1, ...example.shape];
  const program = compile((x) => network.apply([x], { training: false }), [shape], { arena: network.arena });
  return [...program(floatArray([...example.data], shape)).data].reduce(
    (most, z) => Math.max(most, Math.abs(z)),
    0,
  );
}

/** Half of the bins are ordinary, and the others of one kind; or one channel is. */
const LAYOUTS: [
  name: string,
  channels: number,
  kindOf: (kind: string) => (bin: number, channel: number) => string,
][] = [
  ["upper half of the bins", 1, (kind) => (bin) => (bin < BINS / 2 ? "ordinary" : kind)],
  ["all bins but one", 1, (kind) => (bin) => (bin === 0 ? "ordinary" : kind)],
  ["one of two channels", 2, (kind) => (_, channel) => (channel === 0 ? "ordinary" : kind)],
  ["everything", 1, (kind) => () => kind],
];

describe.each(LAYOUTS)("%s", (_, channels, kindOf) => {
  describe.each(Object.keys(BIN_KINDS))("%s", (kind) => {
    const random = new Generator(3);
    const training = Array.from({ length: 10 }, () => features(kindOf(kind), channels, random));
    // What training never had: sound in every bin, silence, and much more of everything.
    const later = ["ordinary", "constant", "zero"].map((one) => features(() => one, channels, random));
    const louder = { ...later[0], data: later[0].data.map((value) => 1000 * value) };
    const shape = [FRAMES, BINS, channels];

    it.each([{ axis: [2] }, { axis: [2, 3] }, { axis: [3] }, { axis: [] }])(
      "held to the range of training, nothing is further out than training was: axis $axis",
      ({ axis }) => {
        const layer = normalization({ ...statisticsOf(training, axis, true), inputShape: shape });
        const seen = training.reduce((most, example) => Math.max(most, largest(layer, example)), 0);
        for (const example of [...later, louder]) expect(largest(layer, example)).toBeLessThanOrEqual(seen);
      },
    );

    it("a tenth of the deviations of its channel is the least that is divided by", () => {
      const { variance } = statisticsOf(training, [2, 3], false);
      for (let channel = 0; channel < channels; channel++) {
        const own = variance.filter((__, i) => i % channels === channel);
        const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
        // With floors the mean is a little larger than that which they were taken from.
        const least = (LEAST_DEVIATION ** 2 * mean) / (1 + LEAST_DEVIATION ** 2);
        for (const value of own) expect(value).toBeGreaterThanOrEqual(least * (1 - 1e-9));
      }
    });

    it("by example, no value lies further out than √(n - 1)", () => {
      const layer = exampleNormalization({ inputShape: shape });
      const bound = Math.sqrt(FRAMES * BINS * channels - 1);
      for (const example of [...training.slice(0, 2), ...later, louder]) {
        expect(largest(layer, example)).toBeLessThanOrEqual(bound * (1 + 1e-3));
      }
    });
  });
});
