import { rename } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { saveModel } from "../nn/checkpoint/model-file.ts";
import { pictureModel } from "../onnx/export/testing/built-in-models.ts";
import { openTrainedModel } from "../runs/index.ts";
import { writeToneFolder } from "../runs/testing/recordings.ts";
import { FakeStream } from "./testing/fake-stream.ts";
import { soundTests } from "./testing/sound-runs.ts";
import { formatWeightsCost, weightsCost } from "./weights-cost.ts";

const tests = soundTests();
const inFolder = (name: string) => join(tests.folder, name);
const silent = () => undefined;

beforeAll(async () => {
  await writeToneFolder(inFolder("tones"));
  await tests.train(inFolder("tones"), inFolder("run"));
});

it("is measured on a run's test examples, and on built-in sounds where these are gone, which is said", async () => {
  const trained = await openTrainedModel(inFolder("run"), { threads: 1 }, silent);
  const before = trained.model.getWeights();
  const cost = await weightsCost(trained, "int8", silent);
  expect(cost).toMatchObject({
    measuredOn: "test examples",
    exact: { name: "test", task: "classification" },
    rounded: { name: "test", task: "classification" },
  });
  // Rounded weights are other weights: the losses cannot be the same.
  if (cost.measuredOn !== "test examples") throw new TypeError("not measured on the test examples");
  expect(cost.rounded.loss).not.toBe(cost.exact.loss);
  expect(trained.model.getWeights()).toEqual(before);
  await rename(inFolder("tones"), inFolder("moved"));
  const warnings: string[] = [];
  const other = await weightsCost(trained, "int8", (text) => warnings.push(text));
  expect(warnings.join()).toMatch(
    /test examples cannot be evaluated .*tones.*built-in ones take their place/s,
  );
  expect(other).toMatchObject({ measuredOn: "built-in sounds" });
});

it("of a model file is the agreement on built-in pictures, which float16 changes less than int8", async () => {
  const path = inFolder("digits.safetensors");
  await saveModel(pictureModel("lenet5", "classification", 28, 1), path);
  const trained = await openTrainedModel(path, { threads: 1 }, silent);
  const [half, bytes] = [
    await weightsCost(trained, "float16", silent),
    await weightsCost(trained, "int8", silent),
  ];
  if (half.measuredOn === "test examples" || bytes.measuredOn === "test examples") {
    throw new TypeError("a model file has no test examples");
  }
  expect(half.examples).toBe(50);
  expect(half.largestDifference).toBeGreaterThan(0);
  expect(bytes.largestDifference).toBeGreaterThan(half.largestDifference);
  const [line] = formatWeightsCost(half, "float16", trained, new FakeStream());
  expect(line).toMatch(/^With float16, on built-in pictures: \d+ of 50 get the same answer, and no output/);
});
