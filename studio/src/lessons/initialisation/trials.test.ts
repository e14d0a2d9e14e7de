import { expect, it } from "vitest";
import { floatArray, intArray, type Model } from "auricle";
import { PIXELS, type Digits } from "../digits.ts";
import { growthOf, missingIn } from "./exercise.ts";
import {
  CONVOLUTIONS,
  FILTERS,
  LAYER_NAMES,
  networkOf,
  type ActivationName,
  type RuleName,
} from "./rules.ts";
import { rootMeanSquare, signalsOf } from "./signals.ts";
import { batchesOf, SIGNAL_BATCH, Trial } from "./trials.ts";

const SIZE = 14;

function noise(count: number): Digits {
  const pictures = Float32Array.from(
    { length: count * PIXELS },
    (_, i) => Math.sin(1 + i * 1.37) + Math.cos(i / 9),
  );
  const labels = Int32Array.from({ length: count }, (_, i) => (i * 7) % 10);
  return { pictures: floatArray(pictures, [count, 28, 28, 1]), labels: intArray(labels, [count]) };
}

function request(rule: RuleName, activation: ActivationName = "relu", own = 0.1) {
  return { rule, activation, own, seed: 5, learningRate: 0.05 };
}

/** The network in plain loops, from the output of a layer on: [14, 14, channels] of one picture to ten logits. */
function referenceFrom(model: Model, from: number, input: ArrayLike<number>, activation: ActivationName) {
  const outputs: number[][] = [];
  let values = Array.from(input);
  for (let layer = from; layer < CONVOLUTIONS; layer++) {
    const kernel = model.getWeights().get(`conv_${layer + 1}/kernel`)?.data ?? [];
    const channels = layer === 0 ? 1 : FILTERS;
    const next = new Array<number>(SIZE * SIZE * FILTERS).fill(0);
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++) {
        for (let filter = 0; filter < FILTERS; filter++) {
          let sum = 0;
          for (let place = 0; place < 9; place++) {
            const [row, column] = [y + Math.floor(place / 3) - 1, x + (place % 3) - 1];
            if (row < 0 || column < 0 || row >= SIZE || column >= SIZE) continue;
            for (let c = 0; c < channels; c++) {
              sum +=
                values[(row * SIZE + column) * channels + c] *
                kernel[(place * channels + c) * FILTERS + filter];
            }
          }
          next[(y * SIZE + x) * FILTERS + filter] = activation === "relu" ? Math.max(0, sum) : Math.tanh(sum);
        }
      }
    }
    values = next;
    outputs.push(values);
  }
  const dense = model.getWeights().get("dense/kernel")?.data ?? [];
  const logits = Array.from({ length: 10 }, (_, unit) =>
    values.reduce((sum, value, i) => sum + value * dense[i * 10 + unit], 0),
  );
  return { outputs: [...outputs, logits], logits };
}

function pooled(picture: ArrayLike<number>): number[] {
  return Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [y, x] = [2 * Math.floor(i / SIZE), 2 * (i % SIZE)];
    return (
      (picture[y * 28 + x] +
        picture[y * 28 + x + 1] +
        picture[(y + 1) * 28 + x] +
        picture[(y + 1) * 28 + x + 1]) /
      4
    );
  });
}

function crossEntropy(logits: readonly number[], label: number): number {
  const largest = Math.max(...logits);
  return (
    largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)) - logits[label]
  );
}

it.each(["relu", "tanh"] as const)(
  "activations and gradients with %s are those of plain loops, within 1e-4",
  (activation) => {
    const model = networkOf(request("he", activation));
    const batch = noise(2);
    const signals = signalsOf(model, LAYER_NAMES, 2)(batch.pictures, batch.labels);
    const [picture, label] = [batch.pictures.data.subarray(PIXELS), batch.labels.data[1]];
    const { outputs } = referenceFrom(model, 0, pooled(picture), activation);
    for (const [i, { activations }] of signals.entries()) {
      const second = activations.subarray(activations.length / 2);
      const size = rootMeanSquare(outputs[i]);
      outputs[i].forEach((value, place) => expect(Math.abs(second[place] - value)).toBeLessThan(1e-4 * size));
    }
    // The gradient of the mean over two examples, by finite differences at some places of each layer.
    for (let layer = 1; layer <= CONVOLUTIONS; layer++) {
      const gradients = signals[layer - 1].gradients.subarray(SIZE * SIZE * FILTERS);
      for (const place of [0, 333, 1000, 1567]) {
        const lossAt = (shift: number) => {
          const moved = outputs[layer - 1].map((value, at) => (at === place ? value + shift : value));
          return crossEntropy(referenceFrom(model, layer, moved, activation).logits, label) / 2;
        };
        const slope = (lossAt(1e-6) - lossAt(-1e-6)) / 2e-6;
        expect(Math.abs(gradients[place] - slope)).toBeLessThan(
          1e-4 * Math.max(rootMeanSquare(gradients), Math.abs(slope)),
        );
      }
    }
  },
);

it("zeros: nothing flows, and nothing but the answers' biases ever changes", async () => {
  const model = networkOf(request("zeros"));
  const batch = noise(4);
  const signals = signalsOf(model, LAYER_NAMES, 4)(batch.pictures, batch.labels);
  for (const { activations, gradients } of signals.slice(0, CONVOLUTIONS)) {
    expect(rootMeanSquare(activations)).toBe(0);
    expect(rootMeanSquare(gradients)).toBe(0);
  }
  // Softmax of zeros is 1/10: the gradient is (1/10 - target) / 4.
  expect(signals[CONVOLUTIONS].gradients[0]).toBeCloseTo((0.1 - 1) / 4, 6);
  for (let step = 0; step < 5; step++) await model.trainOnBatch(batch.pictures, batch.labels);
  for (const [path, { data }] of model.getWeights()) {
    if (path === "dense/bias") expect(rootMeanSquare(data)).toBeGreaterThan(0.01);
    else expect(rootMeanSquare(data), path).toBe(0);
  }
});

it("all equal: the filters of a layer move, and stay equal", async () => {
  const trial = new Trial(request("equal"));
  const batch = noise(SIGNAL_BATCH);
  const before = trial.signals(batch).filters;
  for (let step = 0; step < 5; step++) await trial.train(batch);
  const after = trial.signals(batch).filters;
  expect(Math.max(...after.map((weight, i) => Math.abs(weight - before[i])))).toBeGreaterThan(1e-7);
  after.forEach((weight, i) => expect(weight).toBe(after[i - (i % FILTERS)]));
});

it("keeps the signal's size with ReLU at √(2/72), and solves the exercise there alone", () => {
  const batch = noise(SIGNAL_BATCH);
  const signalsAt = (own: number, activation: ActivationName = "relu") =>
    new Trial(request("own", activation, own)).signals(batch);
  const right = signalsAt(Math.sqrt(2 / 72));
  expect(growthOf(right)).toBeGreaterThan(1 / 1.5);
  expect(growthOf(right)).toBeLessThan(1.5);
  const at = (own: number, activation: ActivationName = "relu") => ({ own, activation });
  expect(missingIn(right, at(Math.sqrt(2 / 72)))).toBeUndefined();
  expect(missingIn(right, at(Math.sqrt(2 / 72), "tanh"))).toContain("ReLU");
  expect(missingIn(signalsAt(0.05), at(0.05))).toContain("too small");
  expect(missingIn(signalsAt(0.5), at(0.5))).toContain("too large");
  expect(missingIn(right, at(0.2))).toContain("computed");
  expect(missingIn(undefined, at(0.2))).toContain("computed");
});

it("trains alike from one seed, and says when numbers become infinite", async () => {
  const batch = noise(16);
  const [one, other] = [new Trial(request("he")), new Trial(request("he"))];
  const losses: number[] = [];
  for (let step = 0; step < 3; step++) {
    losses.push(await one.train(batch));
    expect(await other.train(batch)).toBe(losses[step]);
  }
  one.reset(0.05);
  expect(await one.train(batch)).toBe(losses[0]);

  const large = new Trial(request("large"));
  for (let step = 0; step < 20 && large.failure === undefined; step++) await large.train(batch);
  expect(large.failure).toMatch(/not finite|NaN|infinite/i);
  expect(await large.train(batch)).toBeNaN();
  large.reset(0.05);
  expect(large.failure).toBeUndefined();
});

it("takes all examples before any comes again", () => {
  const digits = noise(48);
  const batchOf = batchesOf(digits, 1);
  const seen = [0, 1, 2].flatMap((step) =>
    Array.from(batchOf(step).pictures.data.filter((_, i) => i % PIXELS === 3)),
  );
  const all = Array.from(digits.pictures.data.filter((_, i) => i % PIXELS === 3));
  expect(seen.sort()).toEqual(all.sort());
  expect(batchOf(3).pictures.data[3]).not.toBe(batchOf(0).pictures.data[3]);
});
