/** @file Every built-in model of pictures as an ONNX file, and a network by itself: ONNX Runtime gives their answers for a photograph. */
import { describe, expect, it } from "vitest";
import { imageDescription, ImageModel } from "../../image-model/index.ts";
import { modelNamed, OTHER_MODEL_NAMES } from "../../models/index.ts";
import { add, conv1d, dense, globalMaxPooling1d, input, Model, model } from "../../nn/index.ts";
import { exportOnnx } from "../index.ts";
import { livelyWeights, pictureModel, pictures, stacked, TASKS } from "./testing/built-in-models.ts";
import { expectAlike } from "./testing/expect-answers.ts";
import { openOnnx } from "./testing/run-onnx.ts";

async function expectPictures(model: Model): Promise<void> {
  const description = imageDescription(model, "the model");
  const { width, height, channels } = description.pixels;
  const examples = await pictures(3, description.pixels);
  const expected = await new ImageModel(model).predictInputs(examples);
  const run = await openOnnx(exportOnnx(model).bytes);
  const shape = [height, width, channels];
  const [all] = await run({ image: stacked(examples, shape) });
  expectAlike(all.data, expected);
  const [one] = await run({ image: stacked([examples[2]], shape) });
  expectAlike(one.data, [expected[2]]);
}

describe("a model of pictures gives its answers within 1e-4", () => {
  const names = OTHER_MODEL_NAMES.filter((name) => name !== "wave1d");
  it.each(names.map((name, i) => [name, TASKS[i % TASKS.length]] as const))("%s, %s", async (name, task) => {
    // Its outputs are squared distances, of which probabilities are all 0 or 1.
    const own = name === "lenet5-1998" ? "regression" : task;
    await expectPictures(pictureModel(name, own, 28, 1));
    if (name !== "lenet5-1998") await expectPictures(pictureModel(name, task, 33, 3));
  });
});

describe("a network without a description gives its outputs as they are", () => {
  it("wave1d", async () => {
    const network = modelNamed("wave1d", { inputShape: [2000, 1] });
    livelyWeights(network);
    const own = new Model(network, { threads: 1 });
    const signals = [3, 5].map((seed) =>
      Float32Array.from({ length: 2000 }, (_, i) => Math.sin(seed * i * i * 1e-4)),
    );
    const file = exportOnnx(own);
    expect(file.metadata).toEqual({});
    const x = stacked(signals, [2000, 1]);
    const [actual] = await (await openOnnx(file.bytes))({ [file.inputs[0].name]: x });
    const { data } = await own.predict(x);
    expectAlike(actual.data, [data]);
  });

  it("with several inputs and outputs, by their names", async () => {
    const left = input({ shape: [40, 2], name: "left" });
    const right = input({ shape: [40, 2], name: "right" });
    const ears = [left, right].map((ear) =>
      globalMaxPooling1d().apply(conv1d({ filters: 5, kernelSize: 3 }).apply(ear)),
    );
    const both = add().apply(ears);
    const outputs = { loudness: dense({ units: 1 }).apply(both), direction: dense({ units: 3 }).apply(both) };
    const own = model({ inputs: [left, right], outputs }, { threads: 1, seed: 4 });
    const file = exportOnnx(own);
    expect(file.inputs.map(({ name }) => name)).toEqual(["left", "right"]);
    expect(file.outputs.map(({ name }) => name)).toEqual(["loudness", "direction"]);
    const x = [1, 2].map((seed) =>
      stacked([Float32Array.from({ length: 80 }, (_, i) => Math.cos(seed * i))], [40, 2]),
    );
    const expected = await own.predict(x);
    const [loudness, direction] = await (await openOnnx(file.bytes))({ left: x[0], right: x[1] });
    expectAlike([...loudness.data, ...direction.data], [expected.loudness.data, expected.direction.data]);
  });
});
