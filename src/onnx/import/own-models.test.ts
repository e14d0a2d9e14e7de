/** @file The built-in models as ONNX files, read again: models of sound and of pictures with their answers. */
import { describe, expect, it } from "vitest";
import { AudioModel } from "../../audio-model/index.ts";
import { ImageModel } from "../../image-model/index.ts";
import type { AudioModelName } from "../../models/index.ts";
import { Model } from "../../nn/index.ts";
import { expectClose } from "../../testing/compare.ts";
import { pictureModel, soundModel, stretches, TASKS } from "../export/testing/built-in-models.ts";
import { exportOnnx, importOnnx } from "../index.ts";

/** Windows that make a test quick; tools/oracle/check_onnx_import.mjs reads the files of all models. */
const STEPS = { "mel-cnn": 64, musicnn: 80, m5: 8192, notebook: undefined } as const;

const NAMES = ["mel-cnn", "musicnn", "m5", "notebook"] as const satisfies readonly AudioModelName[];

describe("a built-in model of sound is a model of sound again, with its answers within 1e-4", () => {
  it.each(NAMES.map((name, i) => [name, TASKS[i % TASKS.length]] as const))("%s, %s", async (name, task) => {
    const { model, sampleRate, samples } = soundModel(name, task, { steps: STEPS[name] });
    const [clip] = await stretches(1, sampleRate, samples);
    const expected = await new AudioModel(model).predict(clip);
    for (const from of ["features", "waveform"] as const) {
      const { network, metadata } = importOnnx(exportOnnx(model, { from }).bytes);
      const again = new Model(network, { threads: 1 });
      again.metadata = metadata;
      const heard = new AudioModel(again);
      expect(heard.description.frontEnd).toEqual(new AudioModel(model).description.frontEnd);
      expectClose((await heard.predict(clip)).outputs, expected.outputs, 1e-4, `${name} from ${from}`);
    }
  });
});

it("a built-in model of pictures is a model of pictures again", () => {
  for (const [i, task] of TASKS.entries()) {
    const model = pictureModel("lenet5", task, 28, 1);
    const { network, metadata } = importOnnx(exportOnnx(model).bytes);
    const again = new Model(network, { threads: 1 });
    again.metadata = metadata;
    const { description } = new ImageModel(again);
    expect(description.task).toBe(task);
    expect(description.pixels).toEqual(new ImageModel(model).description.pixels);
    expect(description.classNames).toHaveLength(10);
    expect(network.outputLayer.layer.className, String(i)).not.toBe("Softmax");
  }
});
