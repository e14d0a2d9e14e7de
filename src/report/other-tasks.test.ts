/** @file Tagging and regression in a report. */

import { expect, it } from "vitest";
import { renderReport, type ExampleResult, type Evaluation, type ReportData } from "./index.ts";
import { EMPTY_REPORT } from "./testing/example-report.ts";
import { pageElements, type PageElement } from "./testing/page-elements.ts";

const words = (element: PageElement | undefined) => element?.text.replace(/\s+/g, " ").trim() ?? "";

function pageOf(task: ReportData["task"], evaluation: Evaluation): PageElement[] {
  return pageElements(renderReport({ ...EMPTY_REPORT, task, evaluations: [evaluation] }));
}

function tagged(id: string, truth: number[], outputs: number[]): ExampleResult {
  return { id, seconds: 3, truth, outputs, windows: [{ start: 0, end: 3, outputs }] };
}

const TAGGING: Evaluation = {
  task: "tagging",
  name: "test",
  examples: 3,
  loss: 0.3,
  meanAveragePrecision: 0.75,
  meanRocAuc: null,
  macroF1: 0.6,
  tags: [
    { name: "guitar", averagePrecision: 0.75, rocAuc: null, f1: 0.6, support: 2 },
    { name: "voice", averagePrecision: null, rocAuc: null, f1: 0, support: 0 },
  ],
  results: [
    // Voice is said at 0.5 and is not there.
    tagged("a", [0], [0.9, 0.5]),
    // Guitar is missed.
    tagged("b", [0], [0.2, 0.1]),
    tagged("c", [], [0.1, 0.3]),
  ],
};

it("tagging: scores by tag, and mistakes that open their clips", () => {
  const elements = pageOf("tagging", TAGGING);
  const rows = elements.filter(({ name }) => name === "tr").map(words);
  expect(rows).toContain("guitar 0.750 – 0.600 2 1 0");
  expect(rows).toContain("voice – – 0.000 0 0 1");
  const links = elements.filter(({ attributes }) => attributes.has("data-group"));
  expect(links.map(({ attributes }) => attributes.get("aria-label"))).toEqual([
    "guitar missed: 1 clip",
    "voice predicted, but absent: 1 clip",
  ]);
  const groups = elements.flatMap(({ attributes }) => attributes.get("data-groups") ?? []);
  // By how far the worst tag is off: b by 0.8, a by 0.5; then the right one.
  expect(groups).toEqual(["test-missed-0", "test-false-1", ""]);
  const verdicts = elements.filter(({ attributes }) => attributes.get("class") === "verdict").map(words);
  expect(verdicts).toEqual([
    "tags: guitar; said: none",
    "tags: guitar; said: guitar, voice",
    "tags: none; said: none",
  ]);
});

const REGRESSION: Evaluation = {
  task: "regression",
  name: "test",
  examples: 2,
  loss: 4,
  outputs: [{ name: "tempo", unit: "BPM", meanAbsoluteError: 6, baselineError: 20 }],
  results: [
    { id: "near", seconds: 3, truth: [100], outputs: [102], windows: [] },
    { id: "far", seconds: 3, truth: [120], outputs: [110], windows: [] },
  ],
};

it("regression: the mean absolute error, and points that open their clips", () => {
  const elements = pageOf("regression", REGRESSION);
  const figures = elements.filter(({ attributes }) => attributes.get("class") === "figure").map(words);
  expect(figures).toEqual(["6 BPM Test mean absolute error: tempo predicting the mean: 20 BPM"]);
  const points = elements.filter(({ attributes }) => attributes.has("data-example"));
  expect(points.map(({ attributes }) => attributes.get("aria-label"))).toEqual([
    "near: tempo: true 100, predicted 102 BPM",
    "far: tempo: true 120, predicted 110 BPM",
  ]);
  // Both axes go from 100 to 120 with 5 % of 20 more at either end: 99 … 121. 100 is at 1/22 and 102 at 3/22 of
  // them, that is at 45.5 from the left and 136.4 from below of 1000.
  const paths = elements.filter(({ attributes }) => attributes.get("class") === "dot validation");
  expect(paths[0].attributes.get("d")).toBe("M45.5 863.6h0");
  // The error of 10 is more than the mean one.
  const titles = elements.filter(({ name }) => name === "h3").map(words);
  expect(titles).toContain("Largest errors");
  expect(titles).not.toContain("Least certain correct predictions");
});
