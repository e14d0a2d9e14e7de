import { describe, expect, it } from "vitest";
import { examplesToPreview, leastSure, orderExamples, worstMistakes } from "./example-order.ts";
import { exampleViews } from "./example-views.ts";
import type { ExampleResult } from "./report-data.ts";
import { classification, clip, TEST_RESULTS } from "./testing/example-report.ts";

const ids = (views: readonly { readonly result: ExampleResult }[]) => views.map(({ result: { id } }) => id);
const TEST = classification("test", TEST_RESULTS);

describe("the order of clips", () => {
  it("puts the surest mistakes first", () => {
    expect(ids(worstMistakes(exampleViews(TEST)))).toEqual(["blues/b.wav", "rock/c.wav"]);
  });

  it("puts the least certain correct predictions first", () => {
    expect(ids(leastSure(exampleViews(TEST))).slice(0, 2)).toEqual(["classical/b.wav", "classical/a.wav"]);
  });

  it("hears every mistake, and of many right ones some of each class", () => {
    // 6 least sure ones (0.40 …) and 3 surest ones of the class.
    const right = Array.from({ length: 30 }, (_, i) =>
      clip(`right ${i}`, 0, [0.4 + i / 100, 0.3, 0.3 - i / 100]),
    );
    const wrong = Array.from({ length: 20 }, (_, i) => clip(`wrong ${i}`, 1, [0.9, 0.1, 0]));
    const { telling, rest } = orderExamples([exampleViews(classification("test", [...right, ...wrong]))]);
    expect(telling).toHaveLength(20 + 6 + 3);
    // 12 worst mistakes are shown by themselves, then the least certain correct predictions; the other mistakes follow.
    expect(ids(telling).slice(12, 20)).toEqual([
      ...[0, 1, 2, 3, 4, 5].map((i) => `right ${i}`),
      "wrong 12",
      "wrong 13",
    ]);
    expect(ids(telling).slice(-3)).toEqual(["right 29", "right 28", "right 27"]);
    expect(rest).toHaveLength(50 - telling.length);
  });

  it("has each example once", () => {
    const { telling, rest } = orderExamples([
      exampleViews(TEST),
      exampleViews(classification("validation", TEST_RESULTS)),
    ]);
    expect(new Set([...telling, ...rest]).size).toBe(12);
    expect(telling.length + rest.length).toBe(12);
    expect(telling[0].key).toBe("test-1");
  });
});

describe("examplesToPreview", () => {
  it("asks for sounds where the model was surest of what it said", () => {
    const outputs = [0.2, 0.8, 0];
    // Said is class 1; the window from 20 to 24 s says it most, and 6 s around its middle are 19 … 25 s.
    const windows = [0, 20, 40].map((start) => ({
      start,
      end: start + 4,
      outputs: start === 20 ? [0, 1, 0] : [0.5, 0.5, 0],
    }));
    const evaluation = classification("test", [{ ...clip("a", 0, outputs), seconds: 44, windows }]);
    expect(examplesToPreview([evaluation])).toEqual([
      { evaluation: "test", index: 0, id: "a", excerpt: { start: 19, end: 25 } },
    ]);
  });

  it("keeps excerpts within the clip", () => {
    const [first] = examplesToPreview([classification("test", [{ ...clip("a", 0, [1, 0, 0]), seconds: 4 }])]);
    expect(first.excerpt).toEqual({ start: 0, end: 4 });
  });

  it("asks for no more than there is room for, sounds up to 70 % of it", () => {
    const wrong = Array.from({ length: 100 }, (_, i) => clip(`wrong ${i}`, 1, [0.9, 0.1, 0]));
    const requests = examplesToPreview([classification("test", wrong)], { maxBytes: 4_000_000 });
    const telling = requests.filter(({ excerpt }) => excerpt);
    // A sound is 6 s · 22,050 · 2 bytes · 4/3 = 352,800; with a picture of 42,667 it is 395,467. Eight of them are the
    // first to reach 2,800,000; pictures for the other 836,267 are 19.6.
    expect(telling).toHaveLength(8);
    expect(requests).toHaveLength(8 + 20);
  });
});
