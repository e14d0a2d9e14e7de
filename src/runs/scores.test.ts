import { describe, expect, it } from "vitest";
import type { AudioClip } from "../data/audio/index.ts";
import type { ExampleEvaluation } from "./run-kind.ts";
import { scoreExamples } from "./scores.ts";
import { figuresOf } from "./run-result.ts";

/** A clip of the number `i`, with its target and what a model says of it, and of its windows where there are several. */
function clipOf(
  i: number,
  target: readonly number[],
  outputs: readonly number[],
  windows: readonly (readonly number[])[] = [outputs],
): ExampleEvaluation {
  const clip: AudioClip = {
    id: `${i}.wav`,
    path: `/${i}.wav`,
    start: 0,
    end: undefined,
    target: Float32Array.from(target),
    label: target.indexOf(1),
    group: "",
    split: undefined,
  };
  return {
    example: clip,
    outputs: Float32Array.from(outputs),
    windows: windows.map((values, w) => ({ start: w, end: w + 1, outputs: Float32Array.from(values) })),
  };
}

const seconds = () => 2.5;

describe("the figures of a classification", () => {
  // Of two clips of "a" one is taken for "b"; that of "b" is right; there is none of "c".
  const examples = [
    clipOf(0, [1, 0, 0], [0.75, 0.25, 0]),
    clipOf(1, [1, 0, 0], [0.25, 0.75, 0]),
    clipOf(2, [0, 1, 0], [0.25, 0.75, 0]),
  ];
  const evaluation = scoreExamples(
    "test",
    "classification",
    ["a", "b", "c"],
    { examples, loss: 0.5 },
    seconds,
  );

  it("are those of the examples", () => {
    expect(evaluation).toMatchObject({
      name: "test",
      task: "classification",
      examples: 3,
      loss: 0.5,
      accuracy: 2 / 3,
      confusionMatrix: [
        [1, 1, 0],
        [0, 1, 0],
        [0, 0, 0],
      ],
      classes: [
        { name: "a", precision: 1, recall: 0.5, f1: 2 / 3, support: 2 },
        { name: "b", precision: 0.5, recall: 1, f1: 2 / 3, support: 1 },
        { name: "c", precision: 0, recall: 0, f1: 0, support: 0 },
      ],
    });
    if (evaluation.task !== "classification") throw new Error("another task");
    expect(evaluation.macroF1).toBeCloseTo((2 / 3 + 2 / 3) / 2, 12);
    // Wilson's interval of 2 in 3: centre (2 + z²/2) / (3 + z²), z = 1.959964.
    expect(evaluation.accuracyInterval[0]).toBeCloseTo(0.2077, 4);
    expect(evaluation.accuracyInterval[1]).toBeCloseTo(0.9385, 4);
    expect(evaluation).not.toHaveProperty("windowAccuracy");
  });

  it("come with what was said of each example", () => {
    expect(evaluation.results[1]).toEqual({
      id: "1.wav",
      seconds: 2.5,
      truth: [0],
      outputs: [0.25, 0.75, 0],
      windows: [{ start: 0, end: 1, outputs: [0.25, 0.75, 0] }],
    });
    expect(figuresOf(evaluation)).not.toHaveProperty("results");
  });

  it("have an accuracy by window where clips have several", () => {
    const several = [
      clipOf(
        0,
        [1, 0],
        [0.75, 0.25],
        [
          [1, 0],
          [0.25, 0.75],
          [1, 0],
        ],
      ),
      clipOf(1, [0, 1], [0.25, 0.75]),
    ];
    const scored = scoreExamples(
      "test",
      "classification",
      ["a", "b"],
      { examples: several, loss: 0 },
      seconds,
    );
    expect(scored).toMatchObject({ accuracy: 1, windowAccuracy: 3 / 4 });
  });
});

describe("the figures of a tagging", () => {
  it("rank the clips for each tag, where some have it and some do not", () => {
    const examples = [
      clipOf(0, [0, 1, 1], [0.1, 0.9, 0.4]),
      clipOf(1, [0, 1, 1], [0.4, 0.2, 0.6]),
      clipOf(2, [1, 0, 1], [0.35, 0.6, 0.7]),
      clipOf(3, [1, 0, 1], [0.8, 0.1, 0.8]),
    ];
    const evaluation = scoreExamples("test", "tagging", ["x", "y", "z"], { examples, loss: NaN }, seconds);
    expect(evaluation).toMatchObject({
      loss: null,
      tags: [
        // In the order 3, 1, 2, 0 the tag is at places 1 and 3: (1/1 + 2/3) / 2; 3 of 4 pairs are in order.
        { name: "x", averagePrecision: expect.closeTo(5 / 6, 12), rocAuc: 0.75, support: 2 },
        // Order 0, 2, 1, 3: places 1 and 3. One clip is found (0), one falsely (2): 2·1 / (2 + 2).
        { name: "y", averagePrecision: expect.closeTo(5 / 6, 12), rocAuc: 0.75, f1: 0.5, support: 2 },
        // All have it: nothing to rank. Three of four are found: 2·3 / (3 + 4).
        { name: "z", averagePrecision: null, rocAuc: null, f1: 6 / 7, support: 4 },
      ],
      meanAveragePrecision: expect.closeTo(5 / 6, 12),
      meanRocAuc: 0.75,
    });
    expect(evaluation.results[0].truth).toEqual([1, 2]);
    // What JSON has no numbers for is null.
    expect(figuresOf(evaluation).loss).toBeNull();
  });

  it("are none where no tag can be ranked", () => {
    const examples = [clipOf(0, [1], [0.9]), clipOf(1, [1], [0.2])];
    const evaluation = scoreExamples("test", "tagging", ["x"], { examples, loss: 0 }, seconds);
    expect(evaluation).toMatchObject({ meanAveragePrecision: null, meanRocAuc: null, macroF1: 2 / 3 });
  });
});

describe("the figures of a regression", () => {
  const examples = [clipOf(0, [10, 1], [12, 1]), clipOf(1, [20, 3], [19, 2])];
  const scored = (means?: readonly number[]) =>
    scoreExamples("test", "regression", ["pitch", "level"], { examples, loss: 1 }, seconds, means);

  it("are mean absolute errors beside those error of predicting the mean", () => {
    expect(scored([14, 2])).toMatchObject({
      outputs: [
        // (2 + 1) / 2, and (4 + 6) / 2.
        { name: "pitch", meanAbsoluteError: 1.5, baselineError: 5 },
        // (0 + 1) / 2, and (1 + 1) / 2.
        { name: "level", meanAbsoluteError: 0.5, baselineError: 1 },
      ],
    });
    expect(scored().results[1].truth).toEqual([20, 3]);
  });

  it("have nothing beside them where the mean is not known", () => {
    const evaluation = scored();
    if (evaluation.task !== "regression") throw new Error("another task");
    expect(evaluation.outputs[0]).toEqual({ name: "pitch", unit: "", meanAbsoluteError: 1.5 });
  });
});
