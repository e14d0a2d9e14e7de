import { describe, expect, it } from "vitest";
import { frontEndConfig } from "../../audio/front-end/index.ts";
import type { AudioClip } from "../../data/audio/index.ts";
import { clipOf } from "../../data/audio/features/testing/memory-store.ts";
import { AUDIO_MODELS } from "../../models/index.ts";
import { chooseWindowFrames } from "./choose-window.ts";

const CONFIG = frontEndConfig(AUDIO_MODELS["mel-cnn"].frontEnd);

/** Clips whose ends are known, so that no file is looked into. */
function clipsOf(seconds: readonly number[]): AudioClip[] {
  return seconds.map((end, i) => ({ ...clipOf(`${i}.wav`, 0, 2), start: 1, end: 1 + end }));
}

/** Frames of 512 samples at 22,050 Hz, and one more, as they are centred. */
const frames = (seconds: number) => 1 + Math.floor((seconds * 22_050) / 512);

describe("the window that nobody named", () => {
  it("is the model's own where clips are as long", async () => {
    const seconds = [...new Array<number>(20).fill(30), 0.2];
    expect(await chooseWindowFrames(AUDIO_MODELS["mel-cnn"], CONFIG, clipsOf(seconds))).toBe(129);
  });

  it("is as long as nearly all clips are where they are shorter", async () => {
    const seconds = [...new Array<number>(19).fill(1.2), 20];
    expect(await chooseWindowFrames(AUDIO_MODELS["mel-cnn"], CONFIG, clipsOf(seconds))).toBe(frames(1.2));
  });

  it("is not shorter than half a second", async () => {
    expect(await chooseWindowFrames(AUDIO_MODELS["mel-cnn"], CONFIG, clipsOf([0.1, 0.1, 0.1]))).toBe(
      frames(0.5),
    );
  });

  it("is the model's own where nothing can be read", async () => {
    const unreadable = [{ ...clipOf("a.wav", 0, 2), path: "/nowhere/a.wav" }];
    expect(await chooseWindowFrames(AUDIO_MODELS["mel-cnn"], CONFIG, unreadable)).toBe(129);
    expect(await chooseWindowFrames(AUDIO_MODELS["mel-cnn"], CONFIG, [])).toBe(129);
  });
});
