import { describe, expect, it } from "vitest";
import { axisStepsOf, frontEnd, type FrontEndOptions } from "../../audio/front-end/index.ts";
import { sequential } from "../model.ts";
import { audioFrontEnd, conv2d, dense, flatten, globalAveragePooling2d } from "./index.ts";

const MEL = { kind: "melSpectrogram", sampleRate: 8000, fftSize: 256, hopLength: 80, melBands: 16 } as const;

describe("audioFrontEnd", () => {
  it("makes a model take waveforms", async () => {
    const model = sequential(
      [
        audioFrontEnd({ frontEnd: { ...MEL, scale: { kind: "decibels" } }, inputShape: [2000, 1] }),
        conv2d({ filters: 2, kernelSize: 3 }),
        globalAveragePooling2d(),
        dense({ units: 3 }),
      ],
      { threads: 1, seed: 1 },
    );
    const waveforms = {
      shape: [2, 2000, 1],
      data: Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i * i)),
    };
    const scores = await model.predict(waveforms);
    expect(scores.shape).toEqual([2, 3]);
    // 1 + floor(2000 / 80) frames, less the 2 that the convolution takes.
    expect(model.summary()).toMatch(/audio_front_end_1 .*26×16×1/);
    expect(model.summary()).toMatch(/conv2d_1 .*24×14×2/);
  });

  it("says in a summary what a frame sees: its window", () => {
    const [unit] = axisStepsOf(frontEnd({ kind: "waveform", sampleRate: 8000 }));
    const model = sequential([
      audioFrontEnd({ frontEnd: MEL, inputShape: [2000, 1] }),
      flatten(),
      dense({ units: 2 }),
    ]);
    // 256 samples at 8 kHz.
    expect(model.summary({ units: [unit] })).toMatch(/audio_front_end_1 .* 32 ms/);
  });

  it("refuses what it cannot compute, by name", () => {
    const made = (options: object) => () => audioFrontEnd(options as { frontEnd: FrontEndOptions });
    expect(made({})).toThrow(/audioFrontEnd: frontEnd must be an object such as .* got nothing/);
    expect(made({ frontEnd: "mel" })).toThrow(/got "mel"/);
    expect(made({ frontEnd: { ...MEL, melBands: 0 } })).toThrow(
      /front end: melBands must be an integer not below 1; got 0/,
    );
    expect(made({ frontEnd: MEL, hopLength: 2 })).toThrow(
      /audioFrontEnd: options are frontEnd, .* got "hopLength"/,
    );
    const stereo = audioFrontEnd({ frontEnd: MEL, inputShape: [2000, 2] });
    expect(() => sequential([stereo])).toThrow(
      /must be \[batch, samples, 1\]; got \[1,2000,2\]; mix channels/,
    );
    const short = audioFrontEnd({ frontEnd: { ...MEL, center: false }, inputShape: [255, 1] });
    expect(() => sequential([short])).toThrow(/at least 256 samples .* got 255/);
  });
});
