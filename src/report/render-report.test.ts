import { createHash } from "node:crypto";
import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { renderReport, withSeeds, type ExampleResult, type ReportData } from "./index.ts";
import {
  classification,
  clip,
  EMPTY_REPORT,
  EXAMPLE_REPORT,
  EXAMPLE_SEEDS,
  preview,
} from "./testing/example-report.ts";
import { STYLE } from "./style.ts";
import { pageElements, withoutCode, type PageElement } from "./testing/page-elements.ts";

const EXAMPLE = pageElements(withSeeds(renderReport(EXAMPLE_REPORT), EXAMPLE_SEEDS));

const named = (elements: readonly PageElement[], name: string) =>
  elements.filter((element) => element.name === name);
const withClass = (elements: readonly PageElement[], name: string) =>
  elements.filter(({ attributes }) => attributes.get("class")?.split(/\s+/).includes(name));
const words = ({ text }: PageElement) => text.replace(/\s+/g, " ").trim();
const section = (id: string, elements = EXAMPLE) => {
  const found = elements.find(({ name, attributes }) => name === "section" && attributes.get("id") === id);
  return found ? words(found) : "";
};
const attribute = (name: string, elements = EXAMPLE) =>
  elements.flatMap(({ attributes }) => attributes.get(name) ?? []);

describe("the page", () => {
  it("says what was reached, with the interval and a baseline", () => {
    const [headline] = withClass(EXAMPLE, "headline");
    // 4 of 6 right; classes of 2 each.
    expect(words(headline)).toContain("66.7 % Test accuracy 95 % interval 40.0 % … 95.0 %");
    expect(words(headline)).toContain("Of 6 test clips, 4 were classified correctly, out of 3 classes.");
    expect(words(headline)).toContain(
      "All classes are equally frequent: always predicting one class would reach 33.3 %.",
    );
  });

  it.each([
    [[3, 1, 1], "Always predicting “a”, the most frequent, would reach 60.0 %."],
    [[1, 2, 2], "Always predicting “b”, one of the 2 most frequent, would reach 40.0 %."],
    [[4], "All classes are equally frequent: always predicting one class would reach 100.0 %."],
  ])("tells what a constant answer reaches where classes have %j clips", (supports, sentence) => {
    const [evaluation] = EXAMPLE_REPORT.evaluations;
    if (evaluation.task !== "classification") throw new Error("the example is a classification");
    const classes = supports.map((support, i) => ({
      ...{ name: "abc"[i], support },
      ...{ precision: 0, recall: 0, f1: 0 },
    }));
    const matrix = supports.map((support, i) => supports.map((_, j) => (i === j ? support : 0)));
    const one = { ...evaluation, classes, results: [], confusionMatrix: matrix };
    const page = pageElements(renderReport({ ...EXAMPLE_REPORT, evaluations: [one] }));
    expect(words(withClass(page, "headline")[0])).toContain(sentence);
  });

  it("has the command whole, with a button that the script shows", () => {
    const [command] = EXAMPLE.filter(({ attributes }) => attributes.get("id") === "command");
    expect(command.attributes.get("class")).toBe("wrapped");
    const [button] = EXAMPLE.filter(({ attributes }) => attributes.has("data-copy"));
    expect(button.attributes.get("data-copy")).toBe("command");
    // Without the script it would do nothing.
    expect(button.attributes.has("hidden")).toBe(true);
    expect(STYLE).toMatch(/\.wrapped \{ white-space: pre-wrap; overflow-wrap: anywhere; \}/);
  });

  it("has every number in its HTML, without the script", () => {
    expect(section("training")).toContain("3 (best) 0.6667 0.8333 0.9000 0.8000 0.7500 0.001 2.5 s");
    // Rock: 1 of 2 right, 1 of 2 that were called so.
    expect(section("test")).toContain("rock 0.500 0.500 0.500 2");
    expect(section("validation")).toContain("blues, classified correctly, probability 90.0 %");
    expect(section("model")).toContain("conv2d [64,64,16]");
    expect(section("data")).toContain("train 63 87.5 % 6:18 min");
    expect(section("data")).toContain("rock/b.wav empty file");
    expect(section("run")).toContain("decode sum over 2 workers 3.0 s");
    expect(section("run")).toContain("auricle train ./songs");
  });

  it("gives mean and standard deviation over the seeds", () => {
    // Mean of 0.5 and 0.7, deviation √(2 · 0.1²/1) = 0.1414.
    expect(section("seeds")).toContain("mean ± standard deviation 0.6000 ± 0.1414 0.5000 ± 0.1414");
    expect(attribute("href")).toContain("#seeds");
  });

  it("takes the figures of more seeds in place of those it has", () => {
    const page = renderReport(EXAMPLE_REPORT);
    const first = withSeeds(page, EXAMPLE_SEEDS);
    const more = { ...EXAMPLE_SEEDS, runs: [...EXAMPLE_SEEDS.runs, { seed: 2, values: [0.6, 0.5] }] };
    const text = section("seeds", pageElements(withSeeds(first, more)));
    expect(text).toMatch(/^3 seeds /);
    expect(text).toContain("mean ± standard deviation 0.6000 ± 0.1000 0.5000 ± 0.1000");
    expect(withSeeds(withSeeds(first, more), EXAMPLE_SEEDS)).toBe(first);
    expect(() => withSeeds("<!doctype html>", more)).toThrow("not a report with a place for the figures");
  });

  it("leads from each cell of the confusion matrix to its clips", () => {
    const cells = EXAMPLE.filter(({ attributes }) => attributes.has("data-group"));
    // Test: four cells of right ones and two mistakes, less the second right one of a class in one cell.
    expect(cells.map(({ attributes }) => attributes.get("aria-label")).slice(0, 5)).toEqual([
      "blues, classified correctly: 1 clip",
      "blues classified as rock: 1 clip",
      "classical, classified correctly: 2 clips",
      "rock classified as classical: 1 clip",
      "rock, classified correctly: 1 clip",
    ]);
    const groups = attribute("data-groups");
    for (const { attributes, text } of cells) {
      const inGroup = groups.filter((keys) => keys.split(" ").includes(attributes.get("data-group") ?? ""));
      expect(inGroup).toHaveLength(Number(text));
    }
  });

  it("shows the surest mistakes first, and the least certain correct predictions", () => {
    const titles = named(EXAMPLE, "article").map(({ text }) => text.trim().split("\n")[0]);
    expect(titles.slice(0, 6)).toEqual([
      "blues/b.wav",
      "rock/c.wav",
      // 0.4, 0.7, 0.8 and 0.8 sure.
      "classical/b.wav",
      "classical/a.wav",
      "blues/a.wav",
      "rock/a.wav",
    ]);
  });

  it("holds every clip once", () => {
    const ids = named(EXAMPLE, "article").map(({ attributes }) => attributes.get("id"));
    expect(ids).toHaveLength(9);
    expect(new Set(ids).size).toBe(9);
  });

  it("has each address once, and every link within leads to one", () => {
    const ids = attribute("id");
    expect(new Set(ids).size).toBe(ids.length);
    const targets = attribute("href").filter((href) => href.startsWith("#"));
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((href) => !ids.includes(href.slice(1)))).toEqual([]);
  });

  it("needs nothing but itself", () => {
    const page = renderReport(EXAMPLE_REPORT);
    expect(page).not.toMatch(/https?:|url\(|@import|\bimport\(/);
    const sources = [...attribute("src"), ...attribute("href")].filter((address) => !address.startsWith("#"));
    expect(sources.filter((address) => !address.startsWith("data:"))).toEqual([]);
    expect(attribute("content")).toContainEqual(expect.stringContaining("default-src 'none'"));
  });

  it("has a script that is one", () => {
    const [script] = named(EXAMPLE, "script");
    expect(() => new Script(script.text)).not.toThrow();
  });

  it("describes every picture and names every table's columns and rows", () => {
    const silent = named(EXAMPLE, "img").filter(({ attributes }) => !attributes.get("alt"));
    const unnamed = named(EXAMPLE, "svg").filter(({ attributes }) => !attributes.get("aria-label"));
    const loose = named(EXAMPLE, "th").filter(({ attributes }) => !attributes.has("scope"));
    expect([...silent, ...unnamed, ...loose]).toEqual([]);
  });

  it("marks the best epoch in both charts and keeps the figures of each epoch for the pointer", () => {
    expect(withClass(EXAMPLE, "best")).toHaveLength(2);
    const [loss] = attribute("data-chart").map((text): unknown => JSON.parse(text));
    expect(loss).toEqual({
      epochs: [1, 2, 3, 4],
      positions: [0, 1 / 3, 2 / 3, 1],
      best: 3,
      series: [
        { name: "training", values: ["2.000", "1.000", "0.667", "0.500"] },
        { name: "validation", values: ["1.900", "1.200", "0.900", "1.100"] },
      ],
    });
  });
});

describe("notices", () => {
  const noticesOf = (change: Partial<ReportData["data"]>, evaluations = EXAMPLE_REPORT.evaluations) =>
    withClass(
      pageElements(
        renderReport({ ...EXAMPLE_REPORT, data: { ...EXAMPLE_REPORT.data, ...change }, evaluations }),
      ),
      "notice",
    ).map(words);

  it("are absent where nothing is to be doubted", () => {
    expect(noticesOf({})).toEqual([]);
  });

  it("name a forced split and its leaks", () => {
    const [notice] = noticesOf({ split: { method: "random", forced: true, leaks: ["a.wav and b.wav"] } });
    expect(notice).toMatch(/^The split was forced although it leaks\. .* a\.wav and b\.wav$/);
  });

  it("name data that were made by a program, and results that are not of a test", () => {
    expect(noticesOf({ synthetic: true })[0]).toMatch(/^The data are synthetic\./);
    expect(noticesOf({}, [EXAMPLE_REPORT.evaluations[1]])[0]).toMatch(/^There is no test result\./);
  });
});

describe("the content policy", () => {
  const elements = pageElements(renderReport(EXAMPLE_REPORT));
  const [meta] = elements.filter(({ attributes }) => attributes.has("http-equiv"));
  const policy = new Map(
    (meta.attributes.get("content") ?? "").split("; ").map((directive) => {
      const [name, ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
  );

  it.each([
    ["script-src", "script"],
    ["style-src-elem", "style"],
  ])("names in %s the hash of the page's own %s, and no other source", (directive, name) => {
    const found = named(elements, name);
    expect(found).toHaveLength(1);
    const hash = createHash("sha256").update(found[0].text).digest("base64");
    expect(policy.get(directive)).toBe(`'sha256-${hash}'`);
  });

  it("lets nothing be fetched", () => {
    expect(policy.get("default-src")).toBe("'none'");
    expect([policy.get("img-src"), policy.get("media-src")]).toEqual(["data:", "data:"]);
  });
});

describe("texts from outside", () => {
  const EVIL = `</script><script>alert("1")</script><img src=x onerror='2'>\n&amp;\u202Egnp.\uD800`;
  const SEEN = `</script><script>alert("1")</script><img src=x onerror='2'>␊&amp;‹U+202E›gnp.\uFFFD`;
  const fact = { name: EVIL, value: EVIL };
  const evaluation = classification("test", [clip(EVIL, 0, [0.2, 0.7, 0.1], preview(10))]);
  const classes = evaluation.classes.map((scores) => ({ ...scores, name: EVIL }));
  const page = renderReport({
    ...EXAMPLE_REPORT,
    title: EVIL,
    data: {
      ...EXAMPLE_REPORT.data,
      name: EVIL,
      classNames: [EVIL, EVIL, EVIL],
      facts: [fact],
      split: { method: EVIL, leaks: [EVIL], forced: true },
      problems: [{ file: EVIL, problem: EVIL }],
    },
    model: { name: EVIL, parameters: 1, summary: EVIL, facts: [fact] },
    evaluations: [{ ...evaluation, classes }],
    configuration: [fact],
    environment: [fact],
    timings: [{ name: EVIL, seconds: 1, note: EVIL }],
    command: EVIL,
  });

  it("stay texts wherever they stand", () => {
    const elements = pageElements(page);
    expect(named(elements, "script")).toHaveLength(1);
    expect(elements.filter(({ attributes }) => attributes.has("onerror"))).toEqual([]);
    expect(named(elements, "h1").map(({ text }) => text)).toEqual([SEEN]);
    expect(named(elements, "h4").map(({ text }) => text)).toContain(SEEN);
    expect(named(elements, "audio").map(({ attributes }) => attributes.get("aria-label"))).toEqual([
      `${SEEN}, 1.0 … 4.0 s`,
    ]);
  });

  it("keep their lines in the command alone", () => {
    const [, command] = named(pageElements(page), "pre");
    expect(command.text).toBe(SEEN.replace("␊", "\n"));
  });
});

describe("the size", () => {
  const many = (count: number, bytes: number): ExampleResult[] =>
    Array.from({ length: count }, (_, i) =>
      clip(`clip ${i} ä`, 0, i < 4 ? [0.1, 0.8, 0.1] : [0.8, 0.1, 0.1], preview(bytes)),
    );
  const report = (clips: readonly ExampleResult[]): ReportData => ({
    ...EXAMPLE_REPORT,
    evaluations: [classification("test", clips)],
  });

  it("stays below maxBytes, mistakes being heard first", () => {
    const maxBytes = 250_000;
    // Each sound is 40,000 characters of base64; as all is 20 · 40,000 = 800,000.
    const page = renderReport(report(many(20, 30_000)), { maxBytes });
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(maxBytes);
    const elements = pageElements(page);
    const heard = named(elements, "audio").map(({ attributes }) => attributes.get("aria-label"));
    expect(heard.length).toBeGreaterThan(1);
    expect(heard.slice(0, 3).every((label) => /^clip [0-3] ä,/.test(label ?? ""))).toBe(true);
    expect(withClass(elements, "media").map(words)[0]).toMatch(
      new RegExp(`^To keep this file small \\(below 250 KB\\), ${heard.length} of the 20 clips can be heard`),
    );
  });

  it("leaves nothing out that has room", () => {
    const elements = pageElements(renderReport(report(many(5, 3000))));
    expect(named(elements, "audio")).toHaveLength(5);
    expect(withClass(elements, "media")).toEqual([]);
  });

  it("is refused where the numbers alone are larger", () => {
    const render = () => renderReport(report(many(5, 3000)), { maxBytes: 1000 });
    expect(render).toThrow(AuricleError);
    expect(render).toThrow(/takes \d+ bytes without sounds and pictures, more than maxBytes 1000/);
  });
});

describe("what may be missing", () => {
  it("is left out", () => {
    const elements = pageElements(renderReport(EMPTY_REPORT));
    expect(withClass(elements, "notice").map(words)).toEqual(["Nothing was evaluated."]);
    expect(section("training", elements)).toContain("No epoch was trained.");
    expect(section("data", elements)).toContain("No problem was found in the files.");
    expect(elements.some(({ attributes }) => ["filters", "seeds"].includes(attributes.get("id") ?? ""))).toBe(
      false,
    );
  });

  it("a class without clips, and a loss that is not finite", () => {
    const history = [{ ...EXAMPLE_REPORT.history[0], loss: NaN, validationLoss: Infinity }];
    const evaluations = [classification("test", [clip("a", 0, [1, 0, 0])])];
    const page = renderReport({ ...EXAMPLE_REPORT, history, bestEpoch: null, evaluations });
    expect(withoutCode(page)).not.toMatch(/NaN|Infinity|undefined/);
    expect(section("training", pageElements(page))).toContain("1 – 0.5000 –");
  });

  it("the matrix, of more classes than can be looked at", () => {
    const names = Array.from({ length: 80 }, (_, c) => `class ${c}`);
    const confusionMatrix = names.map((_, c) =>
      names.map((_, other) => (other === (c + 1) % 80 ? c + 1 : 0)),
    );
    const classes = names.map((name) => ({ name, precision: 0, recall: 0, f1: 0, support: 1 }));
    const evaluation = { ...classification("test", []), classes, confusionMatrix, examples: 1, accuracy: 0 };
    const text = section("test", pageElements(renderReport({ ...EMPTY_REPORT, evaluations: [evaluation] })));
    expect(text).toContain("The most frequent mistakes.");
    expect(text).toContain("class 79 class 0 80 class 78 class 79 79");
  });
});
