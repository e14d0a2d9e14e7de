/** @file Models whose numbers are in a file beside them. */
import { describe, expect, it } from "vitest";
import { Model } from "../../nn/index.ts";
import { floatArray } from "../../tensor/array.ts";
import { importOnnx, onnxExternalFiles } from "../index.ts";
import { withExternalData } from "./testing/external.ts";
import { onnxBytes } from "./testing/onnx-bytes.ts";

/** [1, 2] @ w + b with w = [[1, 2], [3, 4]] and b = [10, 20] is [17, 30]. */
const PLAIN = onnxBytes({
  inputs: { x: ["batch", 2] },
  outputs: ["y"],
  constants: { w: { shape: [2, 2], floats: [1, 2, 3, 4] }, b: { shape: [2], floats: [10, 20] } },
  nodes: [
    { op: "MatMul", inputs: ["x", "w"], outputs: ["a"] },
    { op: "Add", inputs: ["a", "b"], outputs: ["y"] },
  ],
});

const NAME = "model.onnx.data";

it("numbers come from the file beside the model", async () => {
  const { model, data } = withExternalData(PLAIN);
  expect(onnxExternalFiles(model)).toEqual([NAME]);
  expect(onnxExternalFiles(PLAIN)).toEqual([]);
  const { network } = importOnnx(model, { external: new Map([[NAME, data]]) });
  const y = await new Model(network, { threads: 1 }).predict(floatArray([1, 2], [1, 2]));
  expect([...y.data]).toEqual([17, 30]);
});

it("without a length, all that follows the offset is the tensor's", () => {
  const { model, data } = withExternalData(PLAIN, ({ location, offset, length }): Record<string, string> =>
    offset === "0" ? { location, length } : { location, offset },
  );
  expect(() => importOnnx(model, { external: new Map([[NAME, data]]) })).not.toThrow();
});

describe("what does not fit is refused with the tensor's name", () => {
  it.each<[string, Parameters<typeof withExternalData>[1], RegExp]>([
    [
      "no location",
      ({ offset }) => ({ offset }),
      /tensor "w" has its numbers in another file, "", which must lie/,
    ],
    [
      "a stretch beyond the end",
      ({ location, length }) => ({ location, offset: "20", length }),
      /tensor "w" has its numbers at 20 to 36 of model\.onnx\.data, which has 24 bytes/,
    ],
    [
      "an offset before the beginning",
      ({ location, length }) => ({ location, offset: "-4", length }),
      /at -4 to 12 of model\.onnx\.data/,
    ],
    ["an offset that is no number", ({ location }) => ({ location, offset: "x" }), /at NaN to NaN of/],
    [
      "an offset beyond all whole numbers",
      ({ location, length }) => ({ location, offset: "99999999999999999999", length }),
      /at 100000000000000000000 to/,
    ],
    [
      "fewer bytes than the shape needs",
      ({ location, offset }) => ({ location, offset, length: "8" }),
      /tensor "w" \[2,2\] must hold 4 numbers; it has 2/,
    ],
    [
      "a part of a number",
      ({ location, offset }) => ({ location, offset, length: "15" }),
      /tensor "w" \[2,2\] must hold 4 numbers; it has 3\.75/,
    ],
  ])("%s", (_, change, pattern) => {
    const { model, data } = withExternalData(PLAIN, change);
    expect(() => importOnnx(model, { file: "m.onnx", external: new Map([[NAME, data]]) })).toThrow(pattern);
  });

  it("a file that is not given", () => {
    const { model } = withExternalData(PLAIN);
    expect(() => importOnnx(model, { file: "m.onnx" })).toThrow(
      'm.onnx: tensor "w" has its numbers in another file, "model.onnx.data", which must lie beside the model',
    );
  });
});
