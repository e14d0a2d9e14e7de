import { expect, it } from "vitest";
import { fieldOf, spanText } from "./field.ts";

it("gives the field in samples of the input and in its units", () => {
  const layer = {
    field: [
      { size: 112, step: 32, start: -16, unit: "ms" },
      { size: 8, step: 2, start: -3, unit: "mel bands" },
    ],
  };
  const spans = fieldOf(layer, { size: [4, 8], step: [2, 2] }, [5, 1]);
  expect(spans).toEqual([
    { start: 9, length: 4, from: 144, to: 256, unit: "ms" },
    { start: -1, length: 8, from: -1, to: 7, unit: "mel bands" },
  ]);
  expect(spans?.map((span) => spanText(span, 0.5))).toEqual(["0.64 s to 0.76 s", "0 to 7 mel bands"]);
});

it("is unknown behind a layer whose windows do not describe it", () => {
  expect(fieldOf({}, {}, [0])).toBeUndefined();
});
