import { describe, expect, it } from "vitest";
import { clipOf, memoryStore } from "../../data/audio/features/testing/memory-store.ts";
import { windowDataset } from "../../data/audio/features/windows/window-dataset.ts";
import { subset, type Dataset } from "../../data/dataset.ts";
import { pictureDataset } from "../../data/images/picture-dataset.ts";
import { localJob, onRanks } from "../../distributed/testing/local-transport.ts";
import type { Ranks } from "../../distributed/ranks.ts";
import { Generator } from "../../random/generator.ts";
import { floatArray, intArray } from "../../tensor/array.ts";
import type { Callback } from "../callbacks/index.ts";
import {
  adam,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  gaussianNoise,
  sequential,
  sgd,
  spatialDropout2d,
} from "../index.ts";
import type { Model } from "../model.ts";
import { ownOrder, shareTraining } from "./share-training.ts";

const CLASSES = 3;
const EXAMPLES = 29;

/** Pictures whose class shifts their values. */
function examples() {
  const generator = new Generator(5);
  const labels = Int32Array.from({ length: EXAMPLES }, (_, i) => i % CLASSES);
  const pixels = Float32Array.from({ length: EXAMPLES * 36 }, (_, i) => {
    return generator.uniform() - 0.5 + labels[Math.floor(i / 36)] / 2;
  });
  return { x: floatArray(pixels, [EXAMPLES, 6, 6, 1]), y: intArray(labels, [EXAMPLES]) };
}

/** A network with everything that draws random numbers, and a penalty. */
function network(): Model {
  const net = sequential(
    [
      gaussianNoise({ stddev: 0.1, inputShape: [6, 6, 1] }),
      conv2d({ filters: 4, kernelSize: 3, activation: "relu", kernelRegularizer: "l2" }),
      spatialDropout2d({ rate: 0.25 }),
      flatten(),
      dropout({ rate: 0.5 }),
      dense({ units: CLASSES }),
    ],
    { seed: 3, target: "wasm", threads: 1 },
  );
  net.compile({ optimizer: adam({ clipNorm: 1 }), loss: "softmaxCrossEntropy", metrics: ["accuracy"] });
  return net;
}

async function trained(ranks: Ranks | undefined, net = network(), callbacks: readonly Callback[] = []) {
  const { x, y } = examples();
  const history = await net.fit(x, y, {
    epochs: 4,
    batchSize: 12,
    classWeight: { 0: 2, 1: 1, 2: 0.5 },
    callbacks,
    ...(ranks && { share: shareTraining(ranks) }),
  });
  const weights = [...net.network.getWeights().values()].map(({ data }) => data);
  return { history, weights };
}

function expectNear(actual: readonly number[], wanted: readonly number[]): void {
  expect(actual.length).toBe(wanted.length);
  actual.forEach((value, i) =>
    expect(Math.abs(value - wanted[i])).toBeLessThan(1e-5 * Math.max(1, Math.abs(wanted[i]))),
  );
}

describe("training in several processes", () => {
  // Batches of 12, 12 and 5: with 4 ranks shares of 3, and of 2, 1, 1, 1.
  it.each([1, 2, 3, 4])(
    "%i ranks have the losses of one process to 1e-5, and its accuracies",
    async (size) => {
      const alone = await trained(undefined);
      const all = await onRanks(localJob(size), (ranks) => trained(ranks));
      for (const { history, weights } of all) {
        expectNear(history.loss, alone.history.loss);
        expect(history.accuracy).toEqual(alone.history.accuracy);
        weights.forEach((values, i) => expectNear([...values], [...alone.weights[i]]));
        expect(weights).toEqual(all[0].weights);
      }
    },
  );

  it("has the same bits on every run", async () => {
    const [one, other] = [
      await onRanks(localJob(3), (ranks) => trained(ranks)),
      await onRanks(localJob(3), (ranks) => trained(ranks)),
    ];
    expect(one).toEqual(other);
  });

  it("works where some ranks have no example of the last batch", async () => {
    const { x, y } = examples();
    const fit = async (ranks?: Ranks) => {
      const net = network();
      return net.fit(x, y, { epochs: 2, batchSize: 14, ...(ranks && { share: shareTraining(ranks) }) });
    };
    const alone = await fit();
    for (const { loss } of await onRanks(localJob(4), fit)) expectNear(loss, alone.loss);
  });

  /** Two normalisations, of few channels and of as many as have kernels of their own, the second behind a bias and without a factor. */
  const withNormalization = () => {
    const net = sequential(
      [
        conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1], useBias: false }),
        batchNormalization({ momentum: 0.9 }),
        conv2d({ filters: 8, kernelSize: 2, activation: "relu", biasInitializer: "ones" }),
        batchNormalization({ momentum: 0.9, scale: false }),
        flatten(),
        dense({ units: CLASSES }),
      ],
      { seed: 3, target: "wasm", threads: 1 },
    );
    net.compile({ optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }), loss: "softmaxCrossEntropy" });
    return net;
  };

  it("keeps the running statistics of a batch normalisation the same on all ranks", async () => {
    const all = await onRanks(localJob(3), (ranks) => trained(ranks, withNormalization()));
    for (const { history, weights } of all) {
      expect(weights).toEqual(all[0].weights);
      expect(history.loss.at(-1)).toBeLessThan(history.loss[0]);
    }
  });

  // With a batch of 14, the last batch of one example is that of rank 0 alone.
  it.each([
    [2, 12],
    [3, 12],
    [4, 12],
    [3, 14],
  ])(
    "%i ranks and a batch of %i have one process's losses with synchronised normalisation",
    async (size, batchSize) => {
      const fit = async (ranks?: Ranks) => {
        const { x, y } = examples();
        const net = withNormalization();
        const share = ranks && { share: shareTraining(ranks, { syncBatchNorm: true }) };
        const { loss } = await net.fit(x, y, { epochs: 4, batchSize, ...share });
        return { loss, weights: [...net.network.getWeights().values()].map(({ data }) => data) };
      };
      const alone = await fit();
      const all = await onRanks(localJob(size), fit);
      for (const { loss, weights } of all) {
        expectNear(loss, alone.loss);
        // Running statistics among them.
        weights.forEach((values, i) => expectNear([...values], [...alone.weights[i]]));
        expect(weights).toEqual(all[0].weights);
      }
      const separately = await onRanks(localJob(size), (ranks) => trained(ranks, withNormalization()));
      expect(Math.abs(separately[0].history.loss[3] - alone.loss[3])).toBeGreaterThan(1e-3);
    },
  );

  it("ends on all ranks when one of them is to end", async () => {
    const all = await onRanks(localJob(3), (ranks) => {
      const stops: Callback = {
        onBatchEnd(batch, _logs, training) {
          if (ranks.rank === 1 && batch === 0) training.stop();
        },
      };
      return trained(ranks, network(), [stops]);
    });
    for (const { history } of all) expect(history).toEqual({});
  });

  it("takes back a step that is not finite on all ranks, and names the layer on the rank that has the example", async () => {
    const { x, y } = examples();
    // Finite, but their sum is not.
    x.data.fill(3e38, 36 * 20, 36 * 21);
    const errors = await onRanks(localJob(2), async (ranks) => {
      const net = sequential(
        [flatten({ inputShape: [6, 6, 1] }), dense({ units: CLASSES, kernelInitializer: "ones" })],
        { target: "wasm", threads: 1 },
      );
      net.compile({ optimizer: "adam", loss: "softmaxCrossEntropy" });
      const before = net.network.getWeights();
      const error: unknown = await net
        .fit(x, y, { batchSize: EXAMPLES, shuffle: false, share: shareTraining(ranks) })
        .catch((one: unknown) => one);
      expect(net.network.getWeights()).toEqual(before);
      return String(error);
    });
    expect(errors[0]).toContain("the loss or a gradient is not finite on another rank in epoch 1, batch 1");
    expect(errors[1]).toMatch(/is not finite in epoch 1, batch 1: .*dense/);
  });

  it("refuses ranks with other weights, data or options, naming them", async () => {
    const { x, y } = examples();
    const differing = async (
      change: (rank: number) => {
        readonly seed?: number;
        readonly batchSize?: number;
        readonly examples?: number;
      },
    ) =>
      onRanks(localJob(3), async (ranks) => {
        const { seed = 3, batchSize = 12, examples: count = EXAMPLES } = change(ranks.rank);
        const net = sequential([flatten({ inputShape: [6, 6, 1] }), dense({ units: CLASSES })], {
          seed,
          target: "wasm",
          threads: 1,
        });
        net.compile({ optimizer: "adam", loss: "softmaxCrossEntropy" });
        const some = { shape: [count, 6, 6, 1], data: x.data.slice(0, count * 36) };
        return String(
          await net
            .fit(some, intArray(y.data.slice(0, count), [count]), { batchSize, share: shareTraining(ranks) })
            .catch((one: unknown) => one),
        );
      });
    for (const text of await differing((rank) => ({ seed: rank === 2 ? 4 : 3 }))) {
      expect(text).toContain("rank 2 differs from rank 0 in the weights to begin with");
    }
    for (const text of await differing((rank) => ({ batchSize: rank === 1 ? 11 : 12 }))) {
      expect(text).toContain("rank 1 differs from rank 0 in the options of the training");
    }
    for (const text of await differing((rank) => ({ examples: rank === 1 ? 28 : 29 }))) {
      expect(text).toContain("rank 1 differs from rank 0 in the number of training examples: 28 and 29");
    }
  });
});

describe("mixup in several processes", () => {
  const COUNT = 11;
  const augmentation = { mixup: { alpha: 1 } };

  function pictures(): Dataset {
    const random = new Generator(3);
    const pixels = Array.from({ length: COUNT }, () =>
      Uint8Array.from({ length: 48 }, () => random.integer(256)),
    );
    const examples = pixels.map((_, i) => ({
      ...{ id: `${i}.png`, path: `/${i}.png`, group: `${i}`, split: undefined, label: i % 2 },
      target: Float32Array.of(1 - (i % 2), i % 2),
    }));
    const format = { width: 4, height: 4, channels: 3 } as const;
    const read = ({ id }: { readonly id: string }) => pixels[Number.parseInt(id)];
    return pictureDataset({ format, has: () => true, read }, examples, {
      augmentation: { ...augmentation, horizontalFlip: true, cutout: 0.3 },
      range: [-1, 1],
    });
  }

  function windows(): Dataset {
    const clips = Array.from({ length: COUNT }, (_, i) => clipOf(`${i}.wav`, i % 2, 2));
    const frames = clips.map((_, i) => 9 + i);
    const store = memoryStore(clips, frames, [3, 1]);
    return windowDataset(store, clips, {
      mode: "random",
      windowFrames: 5,
      augmentation: { ...augmentation, gain: [-6, 6] },
    });
  }

  function batchesOf(dataset: Dataset, order: Uint32Array, batchSize: number): number[][] {
    const size = dataset.inputShape.reduce((product, length) => product * length, 1);
    const rows: number[][] = [];
    for (let first = 0; first < order.length; first += batchSize) {
      const indices = order.subarray(first, first + batchSize);
      const inputs = new Float32Array(indices.length * size);
      const targets = new Float32Array(indices.length * 2);
      void dataset.read(indices, inputs, targets);
      indices.forEach((index, i) =>
        rows.push([
          index,
          ...inputs.subarray(i * size, (i + 1) * size),
          ...targets.subarray(2 * i, 2 * i + 2),
        ]),
      );
    }
    return rows.sort(([a], [b]) => a - b);
  }

  it.each([
    ["pictures", pictures],
    ["windows of recordings", windows],
    ["a part of pictures", () => subset(pictures(), [8, 1, 0, 6, 3, 10, 9, 2, 7, 4, 5])],
  ])("mixes %s with those of one process, to the last bit", (_name, make) => {
    // Batches of 6 and 5; of 4, 4 and 3; of 10 and 1.
    for (const batchSize of [6, 4, 10]) {
      const order = new Generator(7).shuffle(Uint32Array.from({ length: COUNT }, (_, i) => i));
      const alone = make();
      alone.beginEpoch?.(2, order, batchSize);
      const wanted = batchesOf(alone, order, batchSize);
      for (const size of [2, 3, 4]) {
        const rows = Array.from({ length: size }, (_, rank) => {
          const dataset = make();
          // As ranks do, whose shares may be of different lengths, one batch at a time.
          const own: number[][] = [];
          const share = ownOrder(order, batchSize, { rank, size });
          dataset.beginEpoch?.(2, share.order, share.batchSize, share.following);
          for (let first = 0; first < order.length; first += batchSize) {
            const part = ownOrder(order.subarray(first, first + batchSize), batchSize, { rank, size });
            own.push(...batchesOf(dataset, part.order, COUNT));
          }
          return own;
        });
        expect(rows.flat().sort(([a], [b]) => a - b)).toEqual(wanted);
      }
    }
  });
});
