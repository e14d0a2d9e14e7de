import { describe, expect, it } from "vitest";
import type { EvaluationFigures } from "../runs/index.ts";
import { formatEvaluations, formatLeaks, formatSeeds } from "./run-figures.ts";
import { FakeStream } from "./testing/fake-stream.ts";

const STREAM = new FakeStream();

const CLASSES: EvaluationFigures = {
  name: "validation",
  task: "classification",
  examples: 10_000,
  loss: 0,
  accuracy: 1,
  accuracyInterval: [1, 1],
  windowAccuracy: 0.987,
  macroF1: 1,
  classes: [
    { name: "a".repeat(50), precision: 1, recall: 1, f1: 1, support: 5_000 },
    { name: "b", precision: 1, recall: 1, f1: 1, support: 5_000 },
  ],
  confusionMatrix: [
    [5_000, 0],
    [0, 5_000],
  ],
};

function expectNarrow(text: string): void {
  for (const line of text.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(80);
}

describe("evaluations", () => {
  it("show the first part in full and the others in a line, in 80 columns", () => {
    const text = formatEvaluations([{ ...CLASSES, name: "test", examples: 1 }, CLASSES], "sound", STREAM);
    expectNarrow(text);
    expect(text).toMatch(
      /^Test: accuracy 100\.0 % \(95 %: 100\.0 to 100\.0\) {3}macro F1 1\.0000\n1 clip; by window: accuracy 98\.7 %\n/,
    );
    expect(text).toMatch(/\na{29}… +1\.0000 +1\.0000 +1\.0000 +5,000\n/);
    expect(text.match(/Confusion matrix/g)).toHaveLength(1);
    expect(text).toMatch(/\nValidation: accuracy .*\n10,000 clips; by window: accuracy 98\.7 %$/);
  });

  it("show tags, also those that cannot be ranked", () => {
    const text = formatEvaluations(
      [
        {
          name: "test",
          task: "tagging",
          examples: 3,
          loss: null,
          meanAveragePrecision: null,
          meanRocAuc: 0.5,
          macroF1: 0.25,
          tags: [{ name: "loud", averagePrecision: null, rocAuc: 0.5, f1: 0.25, support: 3 }],
        },
      ],
      "sound",
      STREAM,
    );
    expect(text.split("\n")).toEqual([
      "Test: mean average precision -   ROC-AUC 0.5000   3 clips",
      "",
      "tag   average precision  ROC-AUC      F1  clips",
      "loud                  -   0.5000  0.2500      3",
    ]);
  });

  it("show numbers beside what guessing the mean would give", () => {
    const outputs = [
      { name: "tempo", unit: "", meanAbsoluteError: 3.14159, baselineError: 22.5 },
      { name: "p".repeat(40), unit: "", meanAbsoluteError: 0.00012345 },
    ];
    const text = formatEvaluations(
      [{ name: "test", task: "regression", examples: 3, loss: 1, outputs }],
      "images",
      STREAM,
    );
    expectNarrow(text);
    expect(text).toMatch(/^Test: mean absolute error 3\.142, 0\.0001234 {3}3 images\n/);
    expect(text).toMatch(/\ntempo +3\.142 +22\.50\n/);
    expect(text).toMatch(/… +0\.0001234 +-$/);
  });

  it("say that there are none", () => {
    expect(formatEvaluations([], "sound", STREAM)).toBe(
      "No part of the data was held out: nothing was tested.",
    );
  });
});

describe("a split that leaks", () => {
  it("is told, and whether it was forced", () => {
    expect(formatLeaks({ method: "", leaks: 0, forced: false }, "sound", STREAM)).toEqual([]);
    const forced = formatLeaks({ method: "", leaks: 1, forced: true }, "sound", STREAM);
    expect(forced[0]).toBe("The split was forced although it leaks.");
    expect(forced[1]).toContain("one group, recording or pair of duplicates");
    const official = formatLeaks({ method: "", leaks: 1234, forced: false }, "sound", STREAM);
    expect(official[0]).toBe("The official split leaks.");
    expect(official[1]).toContain("1,234 groups, recordings or pairs of duplicates");
    expectNarrow([...forced, ...official].join("\n"));
  });
});

describe("several seeds", () => {
  const metrics = ["test accuracy", "test macro-F1", "validation accuracy", "validation macro-F1"];

  it("have a table with mean and standard deviation, of as many columns as fit", () => {
    const runs = [
      { seed: 0, values: [0.5, 0.25, 0.75, 1] },
      { seed: 1, values: [0.7, 0.25, 0.75, 1] },
    ];
    const text = formatSeeds({ metrics, runs });
    expectNarrow(text);
    const [first, second] = text.split("\n\n").map((table) => table.split("\n"));
    expect(first[0]).toBe("seed       test accuracy  test macro-F1  validation accuracy");
    expect(first[1]).toBe("0                 0.5000         0.2500               0.7500");
    expect(first[3]).toBe("mean              0.6000         0.2500               0.7500");
    // The root of ((0.1² + 0.1²) / (2 - 1)).
    expect(first[4]).toBe("deviation         0.1414         0.0000               0.0000");
    expect(second[0]).toBe("seed       validation macro-F1");
  });

  it("have no deviation where there is one", () => {
    const text = formatSeeds({ metrics: ["test accuracy"], runs: [{ seed: 3, values: [0.5] }] });
    expect(text.split("\n")[3]).toBe("deviation              -");
  });
});
