import { join } from "node:path";
import { expect, it } from "vitest";
import { prepareFeatures } from "../../data/audio/features/prepare-features.ts";
import { MEL, noise, recording } from "../../data/audio/features/testing/recordings.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import type { Evaluation } from "../../report/index.ts";
import { withPreviews } from "./clip-previews.ts";

it("has a picture and the sound of each clip, but of one whose file has gone", async () => {
  const folder = await temporaryFolder();
  const clips = [
    await recording(folder, "a.wav", noise(22_050, 1), 22_050),
    await recording(folder, "b.wav", noise(22_050, 2), 22_050),
  ];
  const store = await prepareFeatures(clips, MEL, { cacheFolder: join(folder, "features"), workers: 0 });
  const evaluation: Evaluation = {
    name: "test",
    task: "classification",
    examples: 2,
    loss: 0,
    accuracy: 1,
    accuracyInterval: [0.3, 1],
    macroF1: 1,
    classes: [],
    confusionMatrix: [[2]],
    results: clips.map(({ id }) => ({
      id,
      seconds: 1,
      truth: [0],
      outputs: [1],
      windows: [{ start: 0.5, end: 1, outputs: [1] }],
    })),
  };
  const gone = clips.map((clip) => (clip.id === "b.wav" ? { ...clip, path: `${clip.path}.gone` } : clip));
  const [{ results: shown }] = await withPreviews([evaluation], store, gone);
  const { spectrogram, audio } = shown[0].preview ?? {};
  // One frame each 512 samples, and one more; in 96 mel bands.
  expect([spectrogram?.frames, spectrogram?.bins]).toEqual([1 + Math.floor(22_050 / 512), 96]);
  expect(spectrogram?.frequencies).toHaveLength(96);
  // A header of 44 bytes and 16-bit samples.
  if (!audio) throw new Error("no sound");
  expect(audio.wav).toHaveLength(44 + 2 * Math.round((audio.end - audio.start) * 22_050));
  expect(shown[1]).toEqual(evaluation.results[1]);
});
