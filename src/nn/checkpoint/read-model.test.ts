import { describe, expect, it } from "vitest";
import { inputTensor } from "../../graph/sources.ts";
import { readSafetensors, writeSafetensors } from "../../io/safetensors.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { adam } from "../optimizers/index.ts";
import { smallClassifier, stripes } from "../testing/small-models.ts";
import { checksum } from "./checksum.ts";
import { modelFromBytes, modelToBytes } from "./index.ts";
import { readModel } from "./read-model.ts";

const { x, y } = stripes(10);

async function trainedBytes(): Promise<Uint8Array<ArrayBuffer>> {
  const model = smallClassifier();
  model.metadata = { classNames: ["a", "b", "c"] };
  model.compile({ optimizer: adam(), loss: "softmaxCrossEntropy" });
  await model.fit(x, y, { epochs: 1 });
  return modelToBytes(model);
}

describe("readModel", () => {
  it("gives the predictions of the model that can be trained, bit for bit, with or without a training in the file", async () => {
    const bytes = await trainedBytes();
    const whole = modelFromBytes(bytes, "m", { threads: 1 });
    for (const content of [bytes, modelToBytes(whole, { includeTraining: false })]) {
      const model = await readModel(content, "m", { threads: 1 });
      expect(await model.predict(x)).toEqual(await whole.predict(x));
      expect(await model.predictOnBatch(x)).toEqual(await whole.predictOnBatch(x));
      expect(model.getWeights()).toEqual(whole.getWeights());
      expect(model.metadata).toEqual(whole.metadata);
      expect([model.name, model.inputShapes, model.outputShape]).toEqual(["small", [[6, 6, 1]], [3]]);
    }
  });

  it("refuses what modelFromBytes refuses, in its words", async () => {
    const bytes = await trainedBytes();
    const { tensors, metadata } = readSafetensors(bytes, "m");
    const texts = [metadata.model.replace('"Flatten"', '"Flaten"'), metadata.training];
    const unknown = writeSafetensors(tensors as ReadonlyMap<string, FloatArray>, {
      ...metadata,
      model: texts[0],
      checksum: checksum(texts, tensors),
    });
    const damaged = bytes.slice();
    damaged[damaged.length - 1] ^= 1;
    for (const content of [unknown, damaged, new Uint8Array(9)]) {
      let error: unknown;
      try {
        modelFromBytes(content, "m");
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ code: "file", message: expect.stringMatching(/^m: /) });
      await expect(readModel(content, "m")).rejects.toEqual(error);
    }
  });

  it("gives a network that cannot be trained, and says so", async () => {
    const { network } = await readModel(await trainedBytes());
    expect(network).not.toHaveProperty("summary");
    const input = inputTensor([2, ...network.inputShapes[0]], "float32");
    expect(network.apply([input], { training: false }).shape).toEqual([2, 3]);
    expect(() => network.apply([input], { training: true })).toThrow(
      /^network small: was read to predict with, and cannot be trained; read its file with modelFromBytes/,
    );
  });

  it("refuses options of training", async () => {
    const bytes = await trainedBytes();
    const options = { loss: () => undefined, threads: 1 };
    await expect(readModel(bytes, "m", options)).rejects.toThrow(/^readModel: .*loss/);
  });
});
