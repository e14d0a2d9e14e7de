import { expect, it } from "vitest";
import { renderReport } from "./render-report.ts";
import type { ReportData } from "./report-data.ts";
import { EXAMPLE_REPORT } from "./testing/example-report.ts";
import { pageElements } from "./testing/page-elements.ts";

const layout = (key: string, places: readonly number[]) => ({
  ...{ key, title: key, note: `about ${key}` },
  places: Float32Array.from(places),
});

/** Four of the six test examples, of which the second and the last were predicted wrong. */
const MAPPED: ReportData = {
  ...EXAMPLE_REPORT,
  map: {
    layer: "what the last layer takes",
    points: [0, 1, 3, 5],
    layouts: [layout("pca", [0, 0, 1, 1, 2, 0, 3, 1]), layout("umap", [5, 5, 6, 6, 7, 5, 8, 6])],
  },
};

it("points are links to the cards of their examples, in the colours of their classes, mistakes with a ring", () => {
  const elements = pageElements(renderReport(MAPPED));
  const points = elements.filter(({ attributes }) => attributes.has("data-example"));
  expect(points.map(({ attributes }) => attributes.get("data-title"))).toEqual(
    // Mistakes lie on top, in both layouts.
    [0, 1].flatMap(() => ["blues/a.wav", "classical/b.wav", "blues/b.wav", "rock/c.wav"]),
  );
  const ids = new Set(elements.flatMap(({ attributes }) => attributes.get("id") ?? []));
  for (const { attributes } of points) {
    expect(ids).toContain(attributes.get("data-example"));
    expect(attributes.get("href")).toBe(`#${attributes.get("data-example")}`);
  }
  const classes = elements.map(({ attributes }) => attributes.get("class"));
  expect(classes.filter((name) => name === "ring")).toHaveLength(4);
  const section = elements.find(({ attributes }) => attributes.get("id") === "map");
  expect(section?.text.replaceAll(/\s+/g, " ")).toContain("by what the last layer takes. 4 of 6 are drawn.");
  expect(section?.text).toContain("see and hear it");
  expect(elements.some(({ attributes }) => attributes.get("href") === "#map")).toBe(true);
});

it("a report of pictures does not speak of hearing, and one without a map has no place for it", () => {
  const [test] = MAPPED.evaluations;
  const silent = test.results.map((result) => ({ ...result, preview: undefined }));
  const evaluations = [{ ...test, results: silent }, ...MAPPED.evaluations.slice(1)];
  const page = renderReport({ ...MAPPED, evaluations });
  expect(page.replaceAll(/\s+/g, " ")).toContain("choose it to see it");
  const elements = pageElements(renderReport(EXAMPLE_REPORT));
  expect(elements.some(({ attributes }) => ["map", "peek"].includes(attributes.get("id") ?? ""))).toBe(false);
});
