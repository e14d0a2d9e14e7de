import { expect, it } from "vitest";
import { fashionCnn, lenet5 } from "../models/index.ts";
import { Model } from "../nn/index.ts";
import { findBitClasses, sizePower, sizesByClass } from "./bit-classes.ts";

it("programs that round otherwise get another number", async () => {
  // The program of 16 and more adds one unit in the last place of 1.
  const classes = await findBitClasses(
    ({ shape, data }) =>
      Promise.resolve({ shape, data: data.map((value) => value + (shape[0] >= 16 ? 2 ** -23 : 0)) }),
    [3],
  );
  expect(classes).toEqual([0, 0, 0, 0, 1, 1]);
  expect(sizesByClass(classes)).toEqual([
    [1, 2, 4, 8],
    [16, 32],
  ]);
});

it("a network whose convolutions change with the batch, and one whose do not", async () => {
  // Plain WebAssembly: the same choice on every machine.
  const classesOf = (network: ReturnType<typeof lenet5>) => {
    const model = new Model(network, { target: "wasm", threads: 1 });
    return findBitClasses((x) => model.predict(x), model.inputShapes[0]);
  };
  expect(await classesOf(lenet5())).toEqual([0, 0, 0, 0, 0, 0]);
  expect((await classesOf(fashionCnn())).at(-1)).toBeGreaterThan(0);
});

it("as many windows as a power of two are computed by its program", () => {
  expect([1, 2, 3, 4, 5, 31, 32].map(sizePower)).toEqual([0, 1, 2, 2, 3, 5, 5]);
});
