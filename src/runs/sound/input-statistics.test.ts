import { describe, expect, it } from "vitest";
import { frontEndConfig } from "../../audio/front-end/config.ts";
import { clipOf, memoryStore } from "../../data/audio/features/testing/memory-store.ts";
import { AUDIO_MODEL_NAMES, AUDIO_MODELS, modelNamed, type AudioModelName } from "../../models/index.ts";
import { soundConfigOf } from "../testing/sound-config.ts";
import { inputNormalization, maskFillOf } from "./input-statistics.ts";

const WINDOW = 300;
const MASKS = { timeMasks: { count: 1, width: 8 } };

/** Clips of constant steps, so that a window has the mean of its clip at whatever place it lies: 0 … 5, 1 … 6 and so on. */
function trainingOf(model: AudioModelName) {
  const frontEnd = frontEndConfig(AUDIO_MODELS[model].frontEnd);
  const stepShape = frontEnd.kind === "waveform" ? [1] : [6, 1];
  const clips = [clipOf("a", 0, 2), clipOf("b", 1, 2)];
  const store = memoryStore(clips, [WINDOW, WINDOW], stepShape);
  const size = stepShape[0];
  return {
    config: soundConfigOf({ model, frontEnd, windowFrames: WINDOW, augmentation: MASKS }),
    store: {
      ...store,
      readNow(clip: (typeof clips)[number], _: number, into: Float32Array) {
        into.forEach((__, i) => (into[i] = -10 * (i % size) - (clip.id === "a" ? 2 : 4)));
        return true;
      },
    },
    parts: { train: clips, validation: [], test: [] },
  };
}

describe.each(AUDIO_MODEL_NAMES)("masks in the training of %s", (name) => {
  it("leave what its input has in the mean, after its own normalisation", async () => {
    const training = trainingOf(name);
    const { stepShape } = training.store;
    const normalization = await inputNormalization(training);
    expect(normalization !== undefined).toBe(AUDIO_MODELS[name].normalizeByTraining === true);
    const network = modelNamed(name, {
      inputShape: [WINDOW, ...stepShape],
      classes: 2,
      ...(normalization && { normalization }),
    });
    const fill = await maskFillOf(training, network);
    const [{ layer }] = network.layers;
    if (layer.className === "ExampleNormalization") expect(fill).toBe("mean");
    else
      expect(fill).toEqual(
        Float64Array.from(Array.from({ length: stepShape[0] }, (_, bin) => -10 * bin - 3)),
      );
  });
});

describe("masks", () => {
  it("of a network that comes from other data leave the mean that it takes out", async () => {
    const training = trainingOf("mel-cnn");
    const normalization = { axis: [2], mean: [1, 2, 3, 4, 5, 6], variance: [1, 1, 1, 1, 1, 1] };
    const network = AUDIO_MODELS["mel-cnn"].build({ inputShape: [WINDOW, 6, 1], classes: 2, normalization });
    expect(await maskFillOf(training, network)).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
  });

  it("that there are none of need no statistics", async () => {
    const training = trainingOf("musicnn");
    const network = modelNamed("musicnn", { inputShape: [WINDOW, 6, 1], classes: 2 });
    for (const augmentation of ["none", { gain: [-6, 6] }] as const) {
      const config = { ...training.config, augmentation };
      expect(await maskFillOf({ ...training, config }, network)).toBe("mean");
    }
  });
});
