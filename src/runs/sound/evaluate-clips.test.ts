import { describe, expect, it } from "vitest";
import type { Task } from "../../data/audio/index.ts";
import { clipOf, memoryStore } from "../../data/audio/features/testing/memory-store.ts";
import { dense, globalAveragePooling1d } from "../../nn/layers/index.ts";
import { Model } from "../../nn/index.ts";
import { sequentialNetwork } from "../../nn/network-builders.ts";
import { floatArray } from "../../tensor/array.ts";
import { evaluateClips } from "./evaluate-clips.ts";
import { TargetScale } from "../target-scale.ts";

/** Says of a window of 4 steps `factor` times the mean step, and `-factor` times it. */
function meanModel(factor: number): Model {
  const network = sequentialNetwork([
    globalAveragePooling1d({ inputShape: [4, 1] }),
    dense({ units: 2, useBias: false }),
  ]);
  network.setWeights(new Map([["dense_1/kernel", floatArray(Float32Array.of(factor, -factor), [1, 2])]]));
  return new Model(network, { threads: 1 });
}

// Step t of clip i holds 1000 i + t.
const clips = [clipOf("a", 0, 2), clipOf("b", 1, 2), clipOf("lost", 0, 2)];
const store = memoryStore(clips, [10, 4, 0], [1]);

/** The length of a step at 22,050 Hz, in seconds. */
const STEP = 512 / 22_050;

function evaluated(task: Task, factor: number, targetScale?: TargetScale) {
  return { model: meanModel(factor), task, config: { windowFrames: 4 }, targetScale };
}

describe("an evaluation of clips", () => {
  it("covers each clip that could be read by windows, and averages what is said of them", async () => {
    const result = await evaluateClips(evaluated("classification", 0.1), store, clips);
    expect(result.examples.map(({ example }) => example.id)).toEqual(["a", "b"]);
    const [a, b] = result.examples;
    // Windows of 4 of 10 steps begin at 0, 3 and 6: their means are 1.5, 4.5 and 7.5.
    expect(a.windows.map(({ start }) => Math.round(start / STEP))).toEqual([0, 3, 6]);
    expect(a.windows.map(({ end }) => Math.round(end / STEP))).toEqual([4, 7, 10]);
    // Softmax of 0.1 m and -0.1 m: the logistic function of 0.2 m.
    const expected = [1.5, 4.5, 7.5].map((mean) => 1 / (1 + Math.exp(-0.2 * mean)));
    a.windows.forEach(({ outputs }, i) => expect(outputs[0]).toBeCloseTo(expected[i], 5));
    expect(a.outputs[0]).toBeCloseTo((expected[0] + expected[1] + expected[2]) / 3, 5);
    expect(b.windows).toHaveLength(1);
    // Cross entropy; of clip "b", whose mean is 1001.5, the right class has the least probability, 10^-12.
    const losses = [...expected.map((probability) => -Math.log(probability)), 12 * Math.LN10];
    expect(result.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 4, 4);
  });

  it("gives numbers in their own unit, and the loss in deviations", async () => {
    const scale = new TargetScale([
      { mean: 10, deviation: 2 },
      { mean: 0, deviation: 4 },
    ]);
    const { examples: said, loss } = await evaluateClips(evaluated("regression", 1, scale), store, [
      clips[0],
    ]);
    // What the network says, 1.5 and -1.5, is 13 and -6.
    expect(Array.from(said[0].windows[0].outputs)).toEqual([13, -6]);
    // The means of 1.5, 4.5 and 7.5: 4.5.
    expect(Array.from(said[0].outputs)).toEqual([19, -18]);
    // The targets 1 and 0 are -4.5 and 0 on this scale.
    const squares = [1.5, 4.5, 7.5].map((mean) => ((mean + 4.5) ** 2 + mean ** 2) / 2);
    expect(loss).toBeCloseTo((squares[0] + squares[1] + squares[2]) / 3, 4);
  });

  it("needs a clip", async () => {
    await expect(evaluateClips(evaluated("classification", 1), store, [clips[2]])).rejects.toThrow(
      /no clip could be read\n\/lost: no samples/,
    );
  });
});
