import { expect, it } from "vitest";
import { compile, floatArray } from "auricle";
import { flatten } from "auricle/ops";
import { flatIndex, MAPS, unflattened } from "./heads.ts";

it("knows where flattening puts each value, as the engine does", () => {
  const [rows, columns] = [3, 4];
  const values = Float32Array.from({ length: rows * columns * MAPS }, (_, i) => i);
  const flat = compile((x) => flatten(x), [[1, rows, columns, MAPS]], { threads: 1 })(
    floatArray(values, [1, rows, columns, MAPS]),
  ).data;
  for (let index = 0; index < flat.length; index++) {
    const { row, column, map } = unflattened(index, columns);
    expect(flat[index]).toBe(values[(row * columns + column) * MAPS + map]);
    expect(flatIndex(row, column, map, columns)).toBe(index);
  }
});
