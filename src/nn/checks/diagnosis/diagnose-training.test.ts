import { describe, expect, test } from "vitest";
import { arrayDataset } from "../../../data/array-dataset.ts";
import type { Dataset } from "../../../data/dataset.ts";
import { Generator } from "../../../random/generator.ts";
import { floatArray, intArray, type FloatArray, type NumericArray } from "../../../tensor/array.ts";
import { constant } from "../../initializers/index.ts";
import {
  activation,
  add,
  batchNormalization,
  dense,
  flatten,
  input,
  model,
  normalization,
  sequential,
} from "../../index.ts";
import type { Model } from "../../model.ts";
import { adam } from "../../optimizers/index.ts";
import { line, linearModel, smallClassifier, stripes } from "../../testing/small-models.ts";
import { diagnoseTraining } from "./diagnose-training.ts";

const dataset = (name: string, { x, y }: { readonly x: FloatArray; readonly y: NumericArray }): Dataset =>
  arrayDataset({ name, inputs: x, targets: y });

const training = dataset("training", stripes(240, 1));
const heldOut = dataset("held out", stripes(90, 2));

interface Recipe {
  readonly learningRate: number;
  readonly loss?: "softmaxCrossEntropy" | "binaryCrossEntropy" | "meanSquaredError";
  readonly epochs?: number;
}

async function train(
  trained: Model,
  data: Dataset,
  { learningRate, loss = "softmaxCrossEntropy", epochs = 12 }: Recipe,
): Promise<number> {
  trained.compile({ optimizer: adam({ learningRate }), loss });
  const history = await trained.fit(data, { epochs, batchSize: 16 });
  return history.loss.at(-1) ?? NaN;
}

const codesOf = async (...args: Parameters<typeof diagnoseTraining>) =>
  (await diagnoseTraining(...args)).findings.map(({ code }) => code);

test("finds nothing in a model that has learnt", async () => {
  const small = smallClassifier();
  const lastLoss = await train(small, training, { learningRate: 0.01 });
  expect(await diagnoseTraining(small, { training, heldOut, lastLoss })).toEqual({
    verdict: "learned",
    findings: [],
  });
});

/** Labels that have nothing to do with the examples. */
function randomLabels(count: number, seed: number): Dataset {
  const generator = new Generator(seed);
  const labels = Int32Array.from({ length: count }, () => generator.integer(3));
  return dataset("random", { x: stripes(count, seed).x, y: intArray(labels, [count]) });
}

test("says of a model that has learnt nothing that it guesses, with its loss and that of guessing", async () => {
  for (let seed = 0; seed < 8; seed++) {
    const small = smallClassifier({ threads: 1 }, seed);
    const known = randomLabels(240, seed);
    await train(small, known, { learningRate: 1e-5, epochs: 1 });
    const { verdict, findings } = await diagnoseTraining(small, { training: known });
    expect(verdict).toBe("failed");
    expect(findings[0]).toMatchObject({ code: "loss-of-guessing", failure: true });
    // About ln 3 = 1.0986, the loss of guessing one of three classes of the same size.
    expect(findings[0].observation).toMatch(
      /loss on training examples is \d.*a constant prediction has 1\.(1|09),/,
    );
  }
});

test("notices answers that are all alike, and the layer from which on they are", async () => {
  const alike = sequential(
    [
      flatten({ inputShape: [6, 6, 1] }),
      dense({ units: 8, biasInitializer: constant({ value: -1000 }) }),
      activation({ activation: "relu" }),
      dense({ units: 3 }),
    ],
    { threads: 1 },
  );
  await train(alike, training, { learningRate: 0.001, epochs: 1 });
  const { verdict, findings } = await diagnoseTraining(alike, { training, heldOut });
  expect(verdict).toBe("failed");
  expect(findings.map(({ code }) => code)).toEqual(["answers-alike", "dead-layer"]);
  expect(findings[1].observation).toContain("activation");
});

/** The inputs with a constant in one column that is replaced by `value` in every fourth example. */
function withOutlier(count: number, seed: number, value: number) {
  const { x, y } = stripes(count, seed);
  const data = x.data.map((pixel, i) => (i % 36 !== 35 ? pixel : Math.floor(i / 36) % 4 === 0 ? value : -80));
  return dataset(value === -80 ? "held out" : "training", { x: floatArray(data, x.shape), y });
}

test("finds that statistics of a feature that hardly varies blow training examples up", async () => {
  const blownUp = sequential(
    [
      flatten({ inputShape: [6, 6, 1] }),
      normalization({
        mean: [...new Array<number>(35).fill(0), -80],
        variance: [...new Array<number>(35).fill(0.2), 1e-6],
      }),
      batchNormalization({ momentum: 0.9 }),
      dense({ units: 3 }),
    ],
    { threads: 1 },
  );
  const outliers = withOutlier(240, 1, -60);
  await train(blownUp, outliers, { learningRate: 1e-4, epochs: 2 });
  const { findings } = await diagnoseTraining(blownUp, {
    training: outliers,
    heldOut: withOutlier(90, 2, -80),
  });
  const found = new Map(findings.map(({ code, observation }) => [code, observation]));
  expect(found.get("examples-differ")).toContain("normalization");
  // (-60 + 80) / √1e-6 = 20,000
  expect(found.get("extreme-values")).toMatch(/20000 standard deviations/);
});

test("tells memory from learning: random labels", async () => {
  const memory = sequential(
    [flatten({ inputShape: [6, 6, 1] }), dense({ units: 64, activation: "relu" }), dense({ units: 3 })],
    { threads: 1 },
  );
  const known = randomLabels(60, 1);
  await train(memory, known, { learningRate: 0.01, epochs: 60 });
  expect(await codesOf(memory, { training: known, heldOut: randomLabels(200, 2) })).toEqual([
    "does-not-generalise",
  ]);
});

test("finds that running statistics are not yet those of the data", async () => {
  const { x, y } = stripes(240, 1);
  const far = dataset("training", {
    x: floatArray(
      x.data.map((pixel) => pixel + 500),
      x.shape,
    ),
    y,
  });
  const young = sequential(
    [flatten({ inputShape: [6, 6, 1] }), batchNormalization({ momentum: 0.9999 }), dense({ units: 3 })],
    { threads: 1 },
  );
  const lastLoss = await train(young, far, { learningRate: 0.02 });
  expect(lastLoss).toBeLessThan(0.5);
  const { verdict, findings } = await diagnoseTraining(young, { training: far, lastLoss });
  expect(verdict).toBe("failed");
  expect(["inference-differs", "answers-alike"]).toContain(findings[0].code);
});

describe("numbers and tags", () => {
  const numbers = dataset("numbers", line(200));

  test("a regression that answers the mean has not learnt; one that has learnt has", async () => {
    const untrained = linearModel();
    untrained.setWeights(
      new Map([
        ["dense_1/kernel", floatArray([0, 0], [2, 1])],
        ["dense_1/bias", floatArray([0.5], [1])],
      ]),
    );
    untrained.compile({ optimizer: "adam", loss: "meanSquaredError" });
    expect(await codesOf(untrained, { training: numbers })).toContain("answers-alike");
    const good = linearModel();
    await train(good, numbers, { learningRate: 0.05, loss: "meanSquaredError", epochs: 20 });
    expect(await codesOf(good, { training: numbers })).toEqual([]);
  });

  test("tags that are rare are not taken for a failure once they are found", async () => {
    const { x } = stripes(300, 4);
    const tags = Float32Array.from({ length: 600 }, (_, i) => {
      const [example, tag] = [Math.floor(i / 2), i % 2];
      return tag === 0 ? Number(example % 3 === 0) : Number(example % 30 === 1);
    });
    const tagged = dataset("tags", { x, y: floatArray(tags, [300, 2]) });
    const tagger = sequential([flatten({ inputShape: [6, 6, 1] }), dense({ units: 2 })], { threads: 1 });
    await train(tagger, tagged, { learningRate: 0.02, loss: "binaryCrossEntropy", epochs: 10 });
    expect(await codesOf(tagger, { training: tagged })).toEqual([]);
  });

  test("targets that are all the same say nothing", async () => {
    const { x } = line(20);
    const same = dataset("same", { x, y: floatArray(new Float32Array(20).fill(3), [20]) });
    const constantModel = linearModel();
    constantModel.compile({ optimizer: "adam", loss: "meanSquaredError" });
    expect(await codesOf(constantModel, { training: same })).toEqual([]);
  });
});

test("a training of few steps is too short, not failed", async () => {
  const small = smallClassifier();
  const known = randomLabels(240, 5);
  await train(small, known, { learningRate: 1e-5, epochs: 1 });
  const verdict = async (steps: number) =>
    (await diagnoseTraining(small, { training: known, steps })).verdict;
  expect(await verdict(15)).toBe("too-short");
  expect(await verdict(50)).toBe("failed");
});

test("refuses a model with two inputs", async () => {
  const [one, other] = [input({ shape: [2] }), input({ shape: [2] })];
  const two = model({ inputs: [one, other], outputs: add().apply([one, other]) }, { threads: 1 });
  two.compile({ optimizer: "adam", loss: "meanSquaredError" });
  await expect(diagnoseTraining(two, { training })).rejects.toThrow("takes a model with one input");
});
