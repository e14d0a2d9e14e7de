import { expect, it } from "vitest";
import { fieldOf, placeText, sizeText, spanText } from "./field.ts";

const LAYER = {
  field: [
    { size: 112, step: 32, start: -16, unit: "ms" },
    { size: 8, step: 2, start: -3, unit: "mel bands" },
  ],
};
const FEATURES = { size: [4, 8], step: [2, 2] };

it("gives the field in samples of the input, in seconds and in hertz", () => {
  // Steps of 16 ms, each made of 64 ms around its middle; the first middle is the beginning.
  const axes = { step: 0.016, first: 0, span: 0.064 };
  const frequencies = Float64Array.from({ length: 16 }, (_, bin) => 100 * (bin + 1));
  const spans = fieldOf(LAYER, FEATURES, [5, 1], { ...axes, frequencies });
  const [time, band] = spans ?? [];
  expect(time).toMatchObject({ start: 9, length: 4, unit: "s" });
  expect(time.from).toBeCloseTo(9 * 0.016 - 0.032, 9);
  expect(time.to).toBeCloseTo(12 * 0.016 + 0.032, 9);
  // Bins before the first are padding.
  expect(band).toEqual({ start: -1, length: 8, from: 100, to: 700, unit: "Hz" });
  expect(spans?.map((span) => spanText(span, 0.5))).toEqual(["0.61 s to 0.72 s", "100 to 700 Hz"]);
  const [, bands] = fieldOf(LAYER, FEATURES, [5, 1], axes) ?? [];
  expect(spanText(bands)).toBe("0 to 7 mel bands");
  expect(sizeText(LAYER.field)).toBe("112 ms × 8 mel bands");
});

it("gives the field in pixels", () => {
  const axis = { size: 5, step: 2, start: -1, unit: "pixels" };
  const spans = fieldOf({ field: [axis, axis] }, { size: [5, 5], step: [2, 2] }, [0, 3]);
  expect(spans).toEqual([
    { start: -1, length: 5, from: -1, to: 4, unit: "pixels" },
    { start: 5, length: 5, from: 5, to: 10, unit: "pixels" },
  ]);
  expect(sizeText([axis, axis])).toBe("5 × 5 pixels");
});

it("is unknown behind a layer whose windows do not describe it", () => {
  expect(fieldOf({}, {}, [0])).toBeUndefined();
});

it("says where a strong place is", () => {
  const field = [
    { start: 3, end: 8 },
    { start: 0, end: 5 },
  ];
  expect(placeText({ field })).toBe("rows 3 to 7, columns 0 to 4");
  expect(placeText({ field, place: { from: 0.321, to: 0.512, band: [199.6, 803] } })).toBe(
    "0.32 s to 0.51 s, 200 to 803 Hz",
  );
  expect(placeText({ field, place: { from: 0.5, to: 0.505 } })).toBe("0.5000 s to 0.5050 s");
});
