/** @file A small model of sound that nothing has trained: its weights follow from its seed. */
import {
  conv2d,
  dense,
  exampleNormalization,
  globalAveragePooling2d,
  maxPooling2d,
  modelToBytes,
  sequential,
} from "auricle";
import { audioMetadata } from "auricle/audio-model";

const SAMPLE_RATE = 16_000;
const MEL_BANDS = 40;
const FRAMES = 64;

/** The bytes of its file. */
export function soundModel() {
  const model = sequential([
    exampleNormalization({ inputShape: [FRAMES, MEL_BANDS, 1] }),
    conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
    maxPooling2d({ poolSize: 2 }),
    conv2d({ filters: 24, kernelSize: 3, activation: "relu" }),
    globalAveragePooling2d(),
    dense({ units: 3 }),
  ]);
  model.metadata = audioMetadata({
    task: "classification",
    classNames: ["one", "two", "three"],
    frontEnd: { kind: "melSpectrogram", sampleRate: SAMPLE_RATE, melBands: MEL_BANDS },
    windowFrames: FRAMES,
  });
  return modelToBytes(model);
}
