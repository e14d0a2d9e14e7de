import { describe, expect, it } from "vitest";
import { AuricleError } from "../../../../errors.ts";
import type { AudioClip } from "../../collection.ts";
import type { FeatureStore } from "../feature-store.ts";
import { clipOf, memoryStore } from "../testing/memory-store.ts";
import { evenStarts } from "./regular-windows.ts";
import { windowDataset, type RandomWindowOptions, type WindowDataset } from "./window-dataset.ts";

const CLIPS = [clipOf("a/1.wav", 0, 2), clipOf("a/2.wav", 0, 2), clipOf("b/1.wav", 1, 2)];

/** 3 clips of 10, 25 and 7 steps of 3 bins. */
const STORE = memoryStore(CLIPS, [10, 25, 7], [3, 1]);

async function readAll(dataset: WindowDataset): Promise<{ inputs: Float32Array; targets: Float32Array }> {
  const size = dataset.inputShape.reduce((product, length) => product * length, 1);
  const inputs = new Float32Array(dataset.length * size);
  const targets = new Float32Array(dataset.length * dataset.targetShape[0]);
  const indices = Uint32Array.from({ length: dataset.length }, (_, i) => i);
  await dataset.read(indices, inputs, targets);
  return { inputs, targets };
}

describe("regular windows", () => {
  it.each([
    // Steps, window, count, first steps. The last window ends with the clip; without a count none is left
    // out.
    [10, 4, undefined, [0, 3, 6]],
    [8, 4, undefined, [0, 4]],
    [9, 4, undefined, [0, 3, 5]],
    [4, 4, undefined, [0]],
    [10, 4, 1, [3]],
    [10, 4, 2, [0, 6]],
    [5, 4, 4, [0, 0, 1, 1]],
  ])("of %i steps, %i each, %s of them", (frames, window, count, starts) => {
    expect(evenStarts(frames, window, count)).toEqual(starts);
  });

  it("leave no step out, whatever the lengths", () => {
    for (let window = 1; window <= 12; window++) {
      for (let frames = window; frames <= 60; frames++) {
        const starts = evenStarts(frames, window);
        const covered = new Set(
          starts.flatMap((start) => Array.from({ length: window }, (_, i) => start + i)),
        );
        expect(covered.size).toBe(frames);
        expect(Math.max(...covered)).toBe(frames - 1);
      }
    }
  });

  it("are those of each clip in turn, with their clips and targets", async () => {
    const dataset = windowDataset(STORE, CLIPS, { mode: "regular", windowFrames: 7, classNames: ["a", "b"] });
    expect(dataset.inputShape).toEqual([7, 3, 1]);
    expect(dataset.targetShape).toEqual([2]);
    expect(dataset.axisNames).toEqual(["time", "frequency", "channel"]);
    expect(dataset.classNames).toEqual(["a", "b"]);
    // 10 steps: 2 windows; 25: 4 at 0, 6, 12, 18; 7: 1.
    expect(Array.from({ length: dataset.length }, (_, i) => dataset.clipOf(i))).toEqual([
      0, 0, 1, 1, 1, 1, 2,
    ]);
    const { inputs, targets } = await readAll(dataset);
    const starts = Array.from({ length: 7 }, (_, i) => inputs[i * 21]);
    expect(starts).toEqual([0, 3, 1000, 1006, 1012, 1018, 2000]);
    expect(inputs[6 * 21 + 20]).toBe(2006);
    expect([...targets]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1]);
    expect(dataset.labels && [...dataset.labels]).toEqual([0, 0, 0, 0, 0, 0, 1]);
  });
});

describe("random windows", () => {
  const options: RandomWindowOptions = { mode: "random", windowFrames: 5, windowsPerClip: 4, seed: 3 };

  /** The first step of each window in an epoch. */
  async function starts(dataset: WindowDataset, epoch: number): Promise<number[]> {
    dataset.beginEpoch?.(
      epoch,
      Uint32Array.from({ length: dataset.length }, (_, i) => i),
      4,
    );
    const { inputs } = await readAll(dataset);
    return Array.from({ length: dataset.length }, (_, i) => inputs[i * 3 * options.windowFrames]);
  }

  it("depend on seed, epoch and clip: a later epoch is the same without those before it", async () => {
    const dataset = windowDataset(STORE, CLIPS, options);
    const epochs = [await starts(dataset, 0), await starts(dataset, 1), await starts(dataset, 2)];
    expect(await starts(windowDataset(STORE, CLIPS, options), 2)).toEqual(epochs[2]);
    expect(epochs[1]).not.toEqual(epochs[0]);
    expect(await starts(windowDataset(STORE, CLIPS, { ...options, seed: 4 }), 0)).not.toEqual(epochs[0]);
    // Other clips do not matter: the second clip's four windows, now first.
    const alone = memoryStore([CLIPS[1]], [25], [3, 1]);
    const first = await starts(windowDataset(alone, [CLIPS[1]], options), 0);
    expect(first).toEqual(epochs[0].slice(4, 8).map((start) => start - 1000));
  });

  it("are equally likely at each place of a clip, the first and the last included", async () => {
    const store = memoryStore([CLIPS[0]], [9], [3, 1]);
    const dataset = windowDataset(store, [CLIPS[0]], { ...options, windowsPerClip: 5000 });
    const counts = new Array<number>(5).fill(0);
    for (const start of await starts(dataset, 7)) counts[start]++;
    // 1000 of each, standard deviation 28.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it("are the same however they are batched", async () => {
    const dataset = windowDataset(STORE, CLIPS, {
      ...options,
      augmentation: { gain: [-6, 6], timeMasks: { count: 1, width: 2 } },
    });
    const { inputs } = await readAll(dataset);
    const one = new Float32Array(15);
    for (const index of [11, 0, 5]) {
      await dataset.read([index], one, new Float32Array(2));
      expect([...one]).toEqual([...inputs.subarray(index * 15, (index + 1) * 15)]);
    }
  });

  it("are augmented with the epoch's random numbers", async () => {
    // A clip as long as its window has one place only: what is left is the gain.
    const store = memoryStore([CLIPS[0]], [5], [3, 1]);
    const dataset = windowDataset(store, [CLIPS[0]], { ...options, augmentation: { gain: [-6, 6] } });
    const gains = [...(await starts(dataset, 0)), ...(await starts(dataset, 1))];
    expect(new Set(gains).size).toBe(8);
    expect(gains.every((gain) => Math.abs(gain) <= 6)).toBe(true);
    expect(await starts(dataset, 0)).toEqual(gains.slice(0, 4));
  });

  it("mix with others of the batch", async () => {
    const dataset = windowDataset(STORE, CLIPS, {
      ...options,
      windowsPerClip: 1,
      augmentation: { mixup: { alpha: 1 } },
    });
    const { targets, inputs } = await readAll(dataset);
    // The second clip (class 0, values from 1000) is mixed with the third (class 1, values from 2000).
    expect(targets[3]).toBeGreaterThan(0);
    expect(targets[2] + targets[3]).toBeCloseTo(1, 6);
    expect(Math.abs(inputs[15] - 1000 - 1000 * targets[3])).toBeLessThan(25);
  });
});

describe("balanced windows", () => {
  const clips = [
    ...Array.from({ length: 7 }, (_, i) => clipOf(`many/${i}`, 0, 3)),
    ...Array.from({ length: 2 }, (_, i) => clipOf(`few/${i}`, 2, 3)),
  ];
  const store = memoryStore(
    clips,
    clips.map(() => 50),
    [1, 1],
  );
  const options: RandomWindowOptions = { mode: "random", windowFrames: 4, windowsPerClip: 2, balanced: true };

  it("hold each class equally often, and its clips equally often, in each epoch", async () => {
    const dataset = windowDataset(store, clips, options);
    expect(dataset.length).toBe(18);
    const picks: string[] = [];
    for (const epoch of [0, 1]) {
      dataset.beginEpoch?.(
        epoch,
        Uint32Array.from({ length: 18 }, (_, i) => i),
        6,
      );
      const counts = clips.map(() => 0);
      const { inputs, targets } = await readAll(dataset);
      for (let i = 0; i < 18; i++) {
        const clip = Math.floor(inputs[4 * i] / 1000);
        expect(clip).toBe(dataset.clipOf(i));
        expect(targets[3 * i + clips[clip].label]).toBe(1);
        expect(dataset.labels?.[i]).toBe(clips[clip].label);
        counts[clip]++;
      }
      // 9 of each class: of seven clips once or twice each, of two 4 or 5 times.
      expect(counts.slice(0, 7).reduce((a, b) => a + b)).toBe(9);
      expect(counts.slice(7).sort()).toEqual([4, 5]);
      expect(counts.slice(0, 7).sort()).toEqual([1, 1, 1, 1, 1, 2, 2]);
      picks.push(counts.join() + Array.from({ length: 18 }, (_, i) => inputs[4 * i]).join());
    }
    expect(picks[0]).not.toBe(picks[1]);
  });

  it("need classes", () => {
    const tagged: AudioClip = { ...clips[0], label: -1 };
    expect(() => windowDataset(store, [tagged], options)).toThrow(
      `data set "clips": balanced needs one class for each clip; many/0 has none`,
    );
  });
});

describe("a waveform", () => {
  it("is cut into samples", async () => {
    const store = memoryStore([CLIPS[0]], [100], [1], { kind: "waveform" });
    const dataset = windowDataset(store, [CLIPS[0]], { mode: "regular", windowFrames: 50 });
    expect(dataset.inputShape).toEqual([50, 1]);
    expect(dataset.axisNames).toEqual(["time", "channel"]);
    const { inputs } = await readAll(dataset);
    expect([...inputs]).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it("is augmented", async () => {
    const store = memoryStore([CLIPS[0]], [100], [1], { kind: "waveform" });
    const dataset = windowDataset(store, [CLIPS[0]], {
      mode: "random",
      windowFrames: 100,
      windowsPerClip: 40,
      augmentation: { polarity: true, timeShift: 1 },
    });
    const { inputs } = await readAll(dataset);
    const rows = Array.from({ length: 40 }, (_, i) => [...inputs.subarray(100 * i, 100 * (i + 1))]);
    const signs = rows.map((row) => Math.sign(row.reduce((a, b) => a + b)));
    expect(new Set(signs)).toEqual(new Set([-1, 1]));
    expect(new Set(rows.map((row) => Math.abs(row[0]))).size).toBeGreaterThan(20);
  });
});

describe("features that were removed from the cache", () => {
  it("are brought back, and the batch is as it would have been", async () => {
    const gone = new Set([CLIPS[0].id, CLIPS[2].id]);
    const leaky: FeatureStore = {
      ...STORE,
      readNow: (clip, first, into) => !gone.has(clip.id) && STORE.readNow(clip, first, into),
      read: (clip, first, frames) => {
        gone.delete(clip.id);
        return STORE.read(clip, first, frames);
      },
    };
    const options: RandomWindowOptions = {
      mode: "random",
      windowFrames: 5,
      augmentation: { gain: [-6, 6], mixup: { alpha: 1 } },
    };
    const expected = await readAll(windowDataset(STORE, CLIPS, options));
    expect(await readAll(windowDataset(leaky, CLIPS, options))).toEqual(expected);
    expect(gone.size).toBe(0);
  });
});

describe("what does not fit", () => {
  const broken = memoryStore(CLIPS, [10, 0, 7], [3, 1]);

  it("clips with a problem are left out", () => {
    const dataset = windowDataset(broken, CLIPS, { mode: "regular", windowFrames: 7 });
    expect(dataset.clips.map(({ id }) => id)).toEqual(["a/1.wav", "b/1.wav"]);
    expect(() =>
      windowDataset(broken, [CLIPS[1]], { mode: "regular", windowFrames: 7, name: "test" }),
    ).toThrow(`data set "test": no clip could be read\n/a/2.wav: no samples could be decoded`);
  });

  it.each<[string, RandomWindowOptions]>([
    [
      "a window has 8 steps, and b/1.wav has 7; prepare the features with minimumFrames: 8",
      { mode: "random", windowFrames: 8 },
    ],
    ["windowFrames must be a whole number from 1; got 0", { mode: "random", windowFrames: 0 }],
    [
      "windowsPerClip must be a whole number from 1; got 1.5",
      { mode: "random", windowFrames: 5, windowsPerClip: 1.5 },
    ],
    [
      "gain must be [low, high] in dB; got [3,1]",
      { mode: "random", windowFrames: 5, augmentation: { gain: [3, 1] } },
    ],
    ["timeShift must be a fraction", { mode: "random", windowFrames: 5, augmentation: { timeShift: 2 } }],
    [
      "timeMasks must be { count, width }",
      { mode: "random", windowFrames: 5, augmentation: { timeMasks: { count: 1, width: 0 } } },
    ],
    ["mixup must be { alpha }", { mode: "random", windowFrames: 5, augmentation: { mixup: { alpha: 0 } } }],
    [
      "gaussianNoise must be a standard deviation above 0",
      { mode: "random", windowFrames: 5, augmentation: { gaussianNoise: -1 } },
    ],
    [
      "polarity must be left out: it is for the front end waveform",
      { mode: "random", windowFrames: 5, augmentation: { polarity: true } },
    ],
  ])("%s", (message, options) => {
    expect(() => windowDataset(STORE, CLIPS, options)).toThrow(AuricleError);
    expect(() => windowDataset(STORE, CLIPS, options)).toThrow(message);
  });

  it("targets of two lengths", () => {
    const clips = [CLIPS[0], { ...CLIPS[1], target: new Float32Array(3) }];
    expect(() => windowDataset(STORE, clips, { mode: "regular", windowFrames: 5 })).toThrow(
      "all targets must have the same length; got 2 for a/1.wav and 3 for a/2.wav",
    );
  });
});
