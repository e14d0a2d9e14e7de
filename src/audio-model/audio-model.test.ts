import { describe, expect, it } from "vitest";
import { decodeAudio, encodeWav, type MonoAudio } from "../audio/index.ts";
import { dense, globalAveragePooling1d } from "../nn/layers/index.ts";
import { Model } from "../nn/index.ts";
import { sequentialNetwork } from "../nn/network-builders.ts";
import { floatArray } from "../tensor/array.ts";
import { AudioModel, type HearOptions } from "./audio-model.ts";
import { audioMetadata, type AudioDescription } from "./description.ts";

const RATE = 1000;

/** For a window with the mean m it gives the two numbers m and -m, before softmax or the like. */
function meanModel(
  windowFrames: number,
  about: Partial<AudioDescription> = {},
  options: HearOptions = {},
): AudioModel {
  const network = sequentialNetwork([
    globalAveragePooling1d({ inputShape: [windowFrames, 1] }),
    dense({ units: 2 }),
  ]);
  const weights = new Map([
    ["dense_1/kernel", floatArray(Float32Array.of(1, -1), [1, 2])],
    ["dense_1/bias", floatArray(new Float32Array(2), [2])],
  ]);
  network.setWeights(weights);
  const model = new Model(network, { threads: 1 });
  model.metadata = audioMetadata({
    task: "classification",
    classNames: ["up", "down"],
    frontEnd: { kind: "waveform", sampleRate: RATE },
    windowFrames,
    ...about,
  });
  return new AudioModel(model, "mean", options);
}

/** The softmax of m and -m: for the first, the logistic function of 2m. */
const up = (mean: number) => 1 / (1 + Math.exp(-2 * mean));

const audio = (samples: readonly number[], sampleRate = RATE): MonoAudio => ({
  sampleRate,
  samples: Float32Array.from(samples),
});

const ones = (count: number, value = 1) => new Array<number>(count).fill(value);

describe("a model that listens to a recording", () => {
  it("covers it by evenly spaced windows, and averages what it says of them", async () => {
    const { seconds, windows, outputs } = await meanModel(10).predict(audio([...ones(10), ...ones(15, 0)]));
    expect(seconds).toBe(0.025);
    // Three windows cover 25 samples; the last begins at 15, the second half-way, at 7.5 rounded up.
    const milliseconds = windows.map(({ start, end }) =>
      [start, end].map((time) => Math.round(1e6 * time) / 1e3),
    );
    expect(milliseconds).toEqual([
      [0, 10],
      [8, 18],
      [15, 25],
    ]);
    const expected = [up(1), up(0.2), up(0)];
    windows.forEach((window, i) => {
      expect(window.outputs[0]).toBeCloseTo(expected[i], 5);
      expect(window.outputs[1]).toBeCloseTo(1 - expected[i], 5);
    });
    expect(outputs[0]).toBeCloseTo((expected[0] + expected[1] + expected[2]) / 3, 5);
  });

  it("hears it at every multiple of a hop where one is given, as long as a window fits", async () => {
    const samples = Array.from({ length: 25 }, (_, i) => i / 10);
    const { windows } = await meanModel(10, {}, { hopSeconds: 0.004 }).predict(audio(samples));
    expect(windows.map(({ start }) => Math.round(1000 * start))).toEqual([0, 4, 8, 12]);
    windows.forEach(({ outputs }, i) => expect(outputs[0]).toBeCloseTo(up(0.45 + 0.4 * i), 5));
    // A short recording has one window all the same.
    const short = await meanModel(10, {}, { hopSeconds: 1 }).predict(audio(ones(4)));
    expect(short.windows).toHaveLength(1);
    for (const hopSeconds of [0, -1, NaN, Infinity]) {
      expect(() => meanModel(10, {}, { hopSeconds })).toThrow(
        "AudioModel: hopSeconds must be a number above 0",
      );
    }
  });

  it("puts silence behind one that is shorter than a window", async () => {
    const { seconds, windows } = await meanModel(10).predict(audio(ones(4)));
    expect(seconds).toBe(0.004);
    expect(windows).toMatchObject([{ start: 0, end: 0.004 }]);
    expect(windows[0].outputs[0]).toBeCloseTo(up(0.4), 5);
  });

  it("hears silence where there is nothing", async () => {
    const { seconds, windows, outputs } = await meanModel(10).predict(audio([]));
    expect([seconds, windows.length]).toEqual([0, 1]);
    expect(Array.from(outputs)).toEqual([0.5, 0.5]);
  });

  it("takes what decodeAudio gives, and refuses what is no sound", async () => {
    const stereo = {
      sampleRate: RATE,
      channels: [Float32Array.from(ones(10, 1)), Float32Array.from(ones(10, 0))],
    };
    const content = encodeWav(stereo, { bitDepth: 24 });
    const decoded = await meanModel(10).predict(await decodeAudio(content.buffer));
    expect(decoded.outputs[0]).toBeCloseTo(up(0.5), 5);
    const strange: unknown[] = [undefined, ones(10), { sampleRate: RATE, channels: [] }];
    for (const given of strange) {
      const refused = expect(meanModel(10).predict(given as MonoAudio)).rejects;
      await refused.toThrow(
        "predict: takes a decoded recording, { sampleRate, samples } or { sampleRate, channels }",
      );
    }
  });

  it("refuses samples that are no numbers, and pieces of different rates", async () => {
    for (const value of [NaN, Infinity, 1e38]) {
      const broken = audio([...ones(20), value, ...ones(20)]);
      await expect(meanModel(10).predict(broken)).rejects.toThrow(
        "the recording: it holds samples that are NaN, infinite or far beyond full scale",
      );
    }
    const pieces = [audio(ones(20)), audio(ones(40), 2 * RATE)];
    await expect(meanModel(10).predictPieces(pieces)).rejects.toThrow(
      "all pieces of a recording must have one sample rate; got 1000 Hz, then 2000 Hz",
    );
  });

  it("resamples it to its own rate", async () => {
    const { seconds, windows } = await meanModel(100).predict(audio(ones(900), 3000));
    expect(seconds).toBe(0.3);
    expect(windows.map(({ start }) => start)).toEqual([0, 0.1, 0.2]);
    // Away from the ends, a constant stays what it is.
    expect(windows[1].outputs[0]).toBeCloseTo(up(1), 3);
  });
});

describe("a recording in pieces", () => {
  it("is heard piece by piece, the last one with the one before where it is too short", async () => {
    const model = meanModel(10);
    const pieces = [audio(ones(20)), audio(ones(20, -1)), audio(ones(5, 0))];
    const { seconds, windows } = await model.predictPieces(pieces);
    expect(seconds).toBeCloseTo(0.045, 12);
    expect(windows.map(({ start }) => Math.round(1000 * start))).toEqual([0, 10, 20, 28, 35]);
    [1, 1, -1, -1, -0.5].forEach((mean, i) => expect(windows[i].outputs[0]).toBeCloseTo(up(mean), 5));
  });

  it("may be a single one that is too short", async () => {
    const { windows } = await meanModel(10).predictPieces([audio(ones(5))]);
    expect(windows[0].outputs[0]).toBeCloseTo(up(0.5), 5);
  });

  it("is made of a long one: of five minutes each", async () => {
    const model = meanModel(1000);
    const startsOf = async (seconds: number) => {
      const { windows } = await model.predict(audio(ones(seconds * RATE)));
      return windows.map(({ start }) => start);
    };
    // Half a second is less than a window: it belongs to the second piece, whose windows are moved to end with it.
    const joined = await startsOf(600.5);
    expect(joined).toHaveLength(300 + 301);
    expect(joined.slice(0, 301)).toEqual(Array.from({ length: 301 }, (_, i) => i));
    expect(joined[600]).toBeCloseTo(599.5, 9);
    // One and a half are not.
    const apart = await startsOf(601.5);
    expect(apart).toHaveLength(300 + 300 + 2);
    expect(apart.slice(0, 601)).toEqual(Array.from({ length: 601 }, (_, i) => i));
    expect(apart[601]).toBeCloseTo(600.5, 9);
  });
});

describe("what a model's outputs mean", () => {
  it("is a probability for each tag", async () => {
    const { outputs } = await meanModel(10, { task: "tagging" }).predict(audio(ones(10)));
    // The logistic function of 1 and of -1.
    expect(outputs[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 5);
    expect(outputs[1]).toBeCloseTo(1 / (1 + Math.E), 5);
  });

  it("is numbers in their own unit", async () => {
    const scale = [
      { mean: 440, deviation: 100 },
      { mean: -3, deviation: 0.5 },
    ];
    const about = { task: "regression", classNames: ["pitch", "level"], targetScale: scale } as const;
    const model = meanModel(10, about);
    expect(model.classNames).toEqual(["pitch", "level"]);
    const { outputs, windows } = await model.predict(audio([...ones(10), ...ones(10, 0.5)]));
    expect(Array.from(windows[0].outputs)).toEqual([540, -3.5]);
    // The mean of 540 and 490, and of -3.5 and -3.25.
    expect(Array.from(outputs)).toEqual([515, -3.375]);
  });
});

it("must say what it hears", () => {
  const network = sequentialNetwork([dense({ units: 1, inputShape: [3] })], { name: "digits" });
  expect(() => new AudioModel(new Model(network, { threads: 1 }))).toThrow(
    "digits: not a model of sound: it does not describe how audio becomes its input",
  );
});

describe("a description that is not the network's", () => {
  const scale = { deviation: 1, mean: 0 };
  it.each([
    [{ windowFrames: 2 ** 50 }, /windowFrames must be 10; got 1125899906842624/],
    [{ classNames: ["up"] }, /the number of classNames must be 2; got 1/],
    [{ targetScale: [scale] }, /the length of targetScale must be 2; got 1/],
    [
      { frontEnd: { kind: "melSpectrogram", sampleRate: RATE, fftSize: 64, hopLength: 2 ** 30 } },
      /the samples of a window must be "at most 16777216"; got 9663676416/,
    ],
    [
      { frontEnd: { kind: "spectrogram", sampleRate: RATE, fftSize: 64, hopLength: 8 } },
      /the shape of a window's features must be \[10,1\]; got \[10,33,1\]/,
    ],
  ] as const)("is refused before anything is computed from it: %j", (about, message) => {
    const frontEnd = { kind: "waveform", sampleRate: RATE } as const;
    const metadata = audioMetadata({
      task: "classification",
      classNames: ["up", "down"],
      frontEnd,
      windowFrames: 10,
      ...about,
    });
    const model = new Model(
      sequentialNetwork([globalAveragePooling1d({ inputShape: [10, 1] }), dense({ units: 2 })]),
    );
    model.metadata = metadata;
    const fault = new RegExp(`^m: its description of sound does not fit its network: ${message.source}`);
    expect(() => new AudioModel(model, "m")).toThrow(fault);
  });

  it("is refused for more bands than a table holds, naming the file", () => {
    const front = { kind: "melSpectrogram", melBands: 1e9 } as const;
    expect(() =>
      audioMetadata({ task: "tagging", classNames: ["a"], frontEnd: front, windowFrames: 1 }),
    ).toThrow("melBands must be an integer not above 4096; got 1000000000");
  });
});
