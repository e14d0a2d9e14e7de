import { describe, expect, it } from "vitest";
import {
  averagePrecision,
  macroRocAuc,
  meanAveragePrecision,
  meanAveragePrecisionMetric,
  rocAuc,
  rocAucMetric,
} from "./index.ts";

describe("averagePrecision", () => {
  it("adds up the precision at each step of the recall", () => {
    // From the top: right (1 of 1), wrong, right (2 of 3): (1 + 2/3) / 2. scikit-learn 1.9.1 gave 0.8333333333333333.
    expect(averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBeCloseTo(5 / 6, 14);
  });

  it("takes equal outputs as one step, in whatever order they come", () => {
    // 0.9: 1 of 1; both 0.8 at once: 2 of 3; 0.3: 3 of 4. (1 + 2/3 + 3/4) / 3; scikit-learn: 0.8055555555555556.
    expect(averagePrecision([0.8, 0.8, 0.3, 0.1, 0.9], [1, 0, 1, 0, 1])).toBeCloseTo(29 / 36, 14);
    expect(averagePrecision([0.8, 0.8, 0.3, 0.1, 0.9], [0, 1, 1, 0, 1])).toBeCloseTo(29 / 36, 14);
  });

  it("is the share of the tag where all outputs are equal, and 1 where all have it", () => {
    expect(averagePrecision([2, 2, 2, 2, 2], [1, 0, 0, 0, 1])).toBe(0.4);
    expect(averagePrecision([1, 2, 3], [1, 1, 1])).toBeCloseTo(1, 14);
  });

  it("is not defined where no example has the tag", () => {
    expect(averagePrecision([1, 2], [0, 0])).toBeNaN();
  });
});

describe("rocAuc", () => {
  it("counts the pairs in the right order", () => {
    // (0.35 > 0.1), (0.35 < 0.4), (0.8 > 0.1), (0.8 > 0.4): 3 of 4. scikit-learn gave 0.75.
    expect(rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
  });

  it("counts equal outputs one half", () => {
    // Against the negative 0.8: 1 + 1/2 + 0; against 0.1: 3. 4.5 of 6; scikit-learn: 0.75.
    expect(rocAuc([0.8, 0.8, 0.3, 0.1, 0.9], [1, 0, 1, 0, 1])).toBe(0.75);
    expect(rocAuc([2, 2, 2], [0, 1, 1])).toBe(0.5);
  });

  it("is 1 less itself for the opposite outputs", () => {
    const outputs = [3, 1, 4, 1, 5, 9, 2, 6];
    const targets = [0, 0, 1, 0, 1, 1, 1, 0];
    const opposite = outputs.map((output) => -output);
    expect(rocAuc(outputs, targets) + rocAuc(opposite, targets)).toBeCloseTo(1, 14);
  });

  it("is not defined where all examples have the tag, or none", () => {
    expect(rocAuc([1, 2], [0, 0])).toBeNaN();
    expect(rocAuc([1, 2], [1, 1])).toBeNaN();
  });
});

// Three tags of five examples; the last tag is nobody's.
const OUTPUTS = Float32Array.of(0.8, -1, 0.1, 0.8, 2, 0.2, 0.3, 2, 0.3, 0.1, 2, 0.4, 0.9, -3, 0.5);
const TARGETS = Float32Array.of(1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0);

describe("means over tags", () => {
  it("leave out tags that nobody has", () => {
    // Tag 0 as above; tag 1: three outputs of 2 at once, 2 of 3 right.
    expect(meanAveragePrecision(OUTPUTS, TARGETS, 3)).toBeCloseTo((29 / 36 + 2 / 3) / 2, 14);
    // Tag 1: against -1 and -3 both positives are higher, against 2 both are equal: 5 of 6.
    expect(macroRocAuc(OUTPUTS, TARGETS, 3)).toBeCloseTo((3 / 4 + 5 / 6) / 2, 14);
  });

  it.each([
    { metric: meanAveragePrecisionMetric({ classes: 3 }), whole: 53 / 72 },
    { metric: rocAucMetric({ classes: 3 }), whole: 19 / 24 },
  ])("$metric.name over uneven batches is that of the whole, also after reset", ({ metric, whole }) => {
    for (let round = 0; round < 2; round++) {
      metric.reset();
      metric.update(OUTPUTS.subarray(0, 3), TARGETS.subarray(0, 3));
      metric.update(OUTPUTS.subarray(3), TARGETS.subarray(3));
      expect(metric.result()).toBeCloseTo(whole, 14);
    }
  });

  it("are NaN where no tag remains", () => {
    expect(meanAveragePrecision(Float32Array.of(1, 2), [0, 0], 2)).toBeNaN();
    expect(macroRocAuc(Float32Array.of(1, 2), [0, 1], 2)).toBeNaN();
  });

  it("refuse lengths that do not fit, NaN, and no examples", () => {
    const metric = rocAucMetric({ classes: 2 });
    expect(() => metric.update(Float32Array.of(1, 2, 3), [0, 1, 0])).toThrow(
      /rocAuc: .*3 outputs, 3 targets/,
    );
    expect(() => metric.update(Float32Array.of(1, 2), [0])).toThrow(/rocAuc: .*2 outputs, 1 targets/);
    expect(() => metric.result()).toThrow(/rocAuc: needs at least 1 example/);
    expect(() => averagePrecision([1, NaN], [0, 1])).toThrow(/averagePrecision: .*NaN for example 1/);
    expect(() => rocAuc([1], [0, 1])).toThrow(/rocAuc: .*1 outputs, 2 targets/);
  });
});
