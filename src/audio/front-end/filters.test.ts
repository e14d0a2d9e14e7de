import { describe, expect, it } from "vitest";
import { cosineTransform } from "./cosine-transform.ts";
import { savitzkyGolay } from "./deltas.ts";
import { hertzToMel, melFilterBank, melFrequencies, melToHertz } from "./mel.ts";
import { centerWindow, hannWindow } from "./window.ts";

describe("mel scales", () => {
  it("Slaney's: 200/3 Hz a mel to 1 kHz, then 27 mel for a factor of 6.4", () => {
    expect(hertzToMel(500, "slaney")).toBeCloseTo(7.5, 12);
    expect(hertzToMel(1000, "slaney")).toBeCloseTo(15, 12);
    expect(hertzToMel(6400, "slaney")).toBeCloseTo(42, 12);
    expect(melToHertz(42, "slaney")).toBeCloseTo(6400, 9);
  });

  it("HTK's: 2595 mel for a factor of 10 of 1 + f / 700", () => {
    // 1 + 6300 / 700 = 10, 1 + 69300 / 700 = 100
    expect(hertzToMel(6300, "htk")).toBeCloseTo(2595, 9);
    expect(melToHertz(2 * 2595, "htk")).toBeCloseTo(69300, 6);
  });

  it.each(["slaney", "htk"] as const)("%s and back", (scale) => {
    for (const hertz of [0, 20, 440, 999, 1000, 1001, 8000]) {
      expect(melToHertz(hertzToMel(hertz, scale), scale)).toBeCloseTo(hertz, 8);
    }
  });
});

describe("mel filters", () => {
  // Below 1 kHz Slaney's mel are equal steps in Hz: edges 0, 200, 400, 600 with bins every 50 Hz.
  const bands = { melBands: 2, minFrequency: 0, maxFrequency: 600, melScale: "slaney" } as const;
  const bank = { ...bands, sampleRate: 1600, fftSize: 32, melTriangles: "hertz" } as const;

  it("are triangles between neighbouring frequencies", () => {
    expect([...melFrequencies(bands)].map(Math.round)).toEqual([0, 200, 400, 600]);
    const rows = [...melFilterBank({ ...bank, melNorm: "none" })].map((x) => Math.round(x * 1e9) / 1e9 + 0);
    expect(rows.slice(0, 17)).toEqual([0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25, ...new Array(9).fill(0)]);
    expect(rows.slice(17)).toEqual([0, 0, 0, 0, 0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25, 0, 0, 0, 0, 0]);
  });

  it("have the area 1 over Hz with Slaney's norm", () => {
    // Height 2 / (400 - 0).
    expect(Math.max(...melFilterBank({ ...bank, melNorm: "slaney" }))).toBeCloseTo(1 / 200, 12);
  });

  it("are straight over mel when asked: at the middle of a side in mel the weight is ½", () => {
    const htk = {
      ...bank,
      melScale: "htk",
      melNorm: "none",
      melTriangles: "mel",
      maxFrequency: 800,
    } as const;
    const weights = melFilterBank(htk);
    // Band 0 rises from 0 mel to m/3, m that of 800 Hz. Bin 2 is at 100 Hz.
    expect(weights[2]).toBeCloseTo((3 * Math.log(1 + 100 / 700)) / Math.log(1 + 800 / 700), 9);
  });
});

describe("the cosine transform", () => {
  const size = 7;
  const rows = (norm: "ortho" | "none", lifter = 0) =>
    cosineTransform({ bands: size, coefficients: size, norm, lifter });

  it("is orthogonal with the norm ortho", () => {
    const matrix = rows("ortho");
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) {
        let product = 0;
        for (let i = 0; i < size; i++) product += matrix[a * size + i] * matrix[b * size + i];
        expect(product).toBeCloseTo(a === b ? 1 : 0, 12);
      }
  });

  it("has 2 cos(…) without", () => {
    const matrix = rows("none");
    expect([...matrix.slice(0, size)]).toEqual(new Array(size).fill(2));
    expect(matrix[size]).toBeCloseTo(2 * Math.cos(Math.PI / 14), 12);
  });

  it("lifts coefficient n by 1 + L/2 sin(π (n + 1) / L)", () => {
    // L = 6: n = 2 has the sine 1, so the factor 4; n = 5 has the sine 0.
    const [plain, lifted] = [rows("ortho"), rows("ortho", 6)];
    expect(lifted[2 * size]).toBeCloseTo(4 * plain[2 * size], 12);
    expect(lifted[5 * size]).toBeCloseTo(plain[5 * size], 12);
  });
});

describe("Savitzky-Golay filters", () => {
  const apply = (filter: Float64Array, values: (k: number) => number) =>
    filter.reduce((sum, weight, i) => sum + weight * values(i - (filter.length - 1) / 2), 0);

  it.each([3, 5, 9])(
    "of width %d give the slope of a line and the second derivative of a parabola",
    (width) => {
      expect(apply(savitzkyGolay(width, 1), (k) => 5 - 3 * k)).toBeCloseTo(-3, 12);
      expect(apply(savitzkyGolay(width, 2), (k) => 1 + 2 * k + 4 * k * k)).toBeCloseTo(8, 12);
    },
  );

  it("are the tables' for width 5: (-2 … 2) / 10 and 2 (2, -1, -2, -1, 2) / 14", () => {
    expect([...savitzkyGolay(5, 1)]).toEqual([-0.2, -0.1, 0, 0.1, 0.2]);
    [2, -1, -2, -1, 2].forEach((p, i) => expect(savitzkyGolay(5, 2)[i]).toBeCloseTo(p / 7, 12));
  });
});

describe("windows", () => {
  it("Hann of 4: 0, ½, 1, ½", () => {
    [0, 0.5, 1, 0.5].forEach((value, i) => expect(hannWindow(4)[i]).toBeCloseTo(value, 12));
  });

  it("are padded in the middle, the odd zero at the end", () => {
    expect([...centerWindow(Float64Array.of(1, 2, 3), 6)]).toEqual([0, 1, 2, 3, 0, 0]);
  });
});
