/** @file HDF5 files that are written, read again. tools/oracle/check_keras.py reads such files by the HDF5 library itself. */
import { expect, it } from "vitest";
import { floatArray, type FloatArray } from "../../tensor/array.ts";
import { openHdf5 } from "./hdf5-file.ts";
import { writeHdf5, type Hdf5Tree } from "./write-hdf5.ts";

it("has every group and array under its name, with shape and values", () => {
  const values = [0.1, -3e38, 1e-40, Number.NaN, -0, Number.POSITIVE_INFINITY];
  const bytes = writeHdf5(
    new Map<string, FloatArray | Hdf5Tree>([
      ["empty", new Map()],
      ["näme", new Map([["inner", new Map([["0", floatArray(values, [2, 1, 3])]])]])],
      ["scalar", floatArray([2.5], [])],
      ["nothing", floatArray([], [0, 3])],
    ]),
  );
  const root = openHdf5(bytes, "written.h5");
  expect(root.names).toEqual(["empty", "näme", "scalar", "nothing"]);
  expect(root.group("empty")?.names).toEqual([]);
  expect(root.dataset("näme/inner/0")?.read()).toEqual({
    shape: [2, 1, 3],
    data: Float32Array.from(values),
  });
  expect(root.dataset("scalar")?.read()).toEqual({ shape: [], data: Float32Array.of(2.5) });
  expect(root.dataset("nothing")?.read()).toEqual({ shape: [0, 3], data: new Float32Array(0) });
});

it("has a group with more names than a node of a tree", () => {
  const names = Array.from({ length: 1000 }, (_, i) => `layer_${i}`);
  const bytes = writeHdf5(new Map(names.map((name, i) => [name, floatArray([i], [1])])));
  const root = openHdf5(bytes, "written.h5");
  expect(root.names).toEqual(names);
  expect(root.dataset("layer_999")?.read().data[0]).toBe(999);
});

it("is the same for the same tree", () => {
  const tree = new Map([["a", floatArray([1, 2], [2])]]);
  expect(writeHdf5(tree)).toEqual(writeHdf5(tree));
});
