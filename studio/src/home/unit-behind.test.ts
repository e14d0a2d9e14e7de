import { expect, it } from "vitest";
import { compile, floatArray, Generator } from "auricle";
import { conv2d } from "auricle/ops";
import { drawnMaps, strongestUnit, sumBehind } from "./unit-behind.ts";

const [FRAMES, BANDS, INPUTS, MAPS] = [5, 4, 2, 3];
const generator = new Generator(4);
const random = (length: number) => Float32Array.from({ length }, () => generator.normal());
const input = random(FRAMES * BANDS * INPUTS);
const kernel = random(9 * INPUTS * MAPS);
const bias = random(MAPS);

/** The layer's sums without bias by the engine, [frames, bands, maps]. */
function engineSums(): ArrayLike<number> {
  const shapes = [
    [1, FRAMES, BANDS, INPUTS],
    [3, 3, INPUTS, MAPS],
  ];
  const run = compile((x, filter) => conv2d(x, filter, { padding: "same" }), shapes, { threads: 1 });
  return run(floatArray(input, shapes[0]), floatArray(kernel, shapes[1])).data;
}

it("draws time to the right and frequency upwards", () => {
  const { values, rows, columns } = drawnMaps(input, [FRAMES, BANDS, INPUTS]);
  expect([rows, columns]).toEqual([BANDS, FRAMES]);
  for (let frame = 0; frame < FRAMES; frame++) {
    for (let band = 0; band < BANDS; band++) {
      const drawn = ((BANDS - 1 - band) * FRAMES + frame) * INPUTS;
      expect(values[drawn + 1]).toBe(input[(frame * BANDS + band) * INPUTS + 1]);
    }
  }
});

it("adds up to what the engine computes for every unit, those at the edges too", () => {
  const sums = engineSums();
  const drawn = drawnMaps(input, [FRAMES, BANDS, INPUTS]);
  for (let map = 0; map < MAPS; map++) {
    for (let row = 0; row < BANDS; row++) {
      for (let column = 0; column < FRAMES; column++) {
        const { total, parts } = sumBehind(drawn, kernel, bias, { map, row, column }, 0);
        const wanted = sums[(column * BANDS + BANDS - 1 - row) * MAPS + map] + bias[map];
        expect(total).toBeCloseTo(wanted, 5);
        expect(parts).toHaveLength(INPUTS);
      }
    }
  }
});

it("begins with the strongest unit of a map", () => {
  const drawn = drawnMaps(input, [FRAMES, BANDS, INPUTS]);
  const { row, column } = strongestUnit(drawn, 1);
  const value = drawn.values[(row * FRAMES + column) * INPUTS + 1];
  const others = drawn.values.filter((_, i) => i % INPUTS === 1);
  expect(value).toBe(Math.max(...others));
});
