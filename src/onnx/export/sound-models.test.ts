/** @file Every built-in model of sound as an ONNX file: ONNX Runtime gives its probabilities or numbers for music. */
import { describe, expect, it } from "vitest";
import { AudioModel } from "../../audio-model/index.ts";
import { AUDIO_MODEL_NAMES, type AudioModelName } from "../../models/index.ts";
import { exportOnnx } from "../index.ts";
import { soundModel, TASKS } from "./testing/built-in-models.ts";
import { expectSound } from "./testing/expect-answers.ts";

/** Windows that make a test quick where the model's own would take seconds; tools/oracle/check_onnx.py takes the models' own. */
const STEPS: Partial<Record<AudioModelName, number>> = {
  "mel-cnn": 64,
  "mel-resnet": 64,
  "short-chunk": 64,
  "short-chunk-32": 64,
  musicnn: 80,
  m3: 8192,
  m5: 8192,
  m11: 8192,
  m18: 8192,
  "sample-cnn": 3 ** 8,
};

/** The models that take one length of time: their pooling before the last layer keeps places in time apart. */
const FIXED: readonly AudioModelName[] = ["notebook"];

describe("a model of sound, from the waveform on, gives its answers within 1e-4", () => {
  it.each(AUDIO_MODEL_NAMES.map((name, i) => [name, TASKS[i % TASKS.length]] as const))(
    "%s, %s",
    async (name, task) => {
      const sound = soundModel(name, task, { steps: STEPS[name] });
      const file = exportOnnx(sound.model);
      await expectSound(sound, file);
      expect(file.fixedTime === undefined, file.fixedTime).toBe(!FIXED.includes(name));
      if (file.fixedTime !== undefined) return;
      expect(file.inputs).toEqual([{ name: "waveform", type: "float32", shape: ["batch", "samples"] }]);
      // The same file hears another length as a model for that length does.
      const { windowFrames } = new AudioModel(sound.model).description;
      const longer = soundModel(name, task, { steps: windowFrames + 37 });
      await expectSound(longer, file);
    },
  );
});
