import { expect, it } from "vitest";
import { embeddings } from "../../explain/index.ts";
import { floatArray } from "../../tensor/array.ts";
import { musicnn } from "../../models/musicnn.ts";
import { conv2d, dense, dropout, flatten, globalAveragePooling2d, reLU } from "../layers/index.ts";
import { Model } from "../model.ts";
import { sequentialNetwork } from "../network-builders.ts";
import { networkFromConfig } from "../network-from-config.ts";
import { sideBySide } from "./index.ts";

const SHAPE = [6, 5, 1];

function small(filters: number, seed: number) {
  return sequentialNetwork(
    [
      conv2d({ filters, kernelSize: 3, inputShape: SHAPE }),
      reLU(),
      globalAveragePooling2d(),
      dropout({ rate: 0.5 }),
      dense({ units: 4 }),
    ],
    { name: `small${filters}`, seed },
  );
}

function examples(count: number) {
  const size = 30 * count;
  return floatArray(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * i)),
    [count, ...SHAPE],
  );
}

it("gives the new head what the heads of all networks took, with the same bits", async () => {
  const parts = { one: small(2, 1), two: small(3, 2) };
  const network = sideBySide(parts, { classes: 7, seed: 5 });
  expect(network.outputShape).toEqual([7]);
  expect(network.name).toBe("small2+small3");
  expect(network.layers.map(({ name }) => name)).toContain("two/conv2d_1");
  const x = examples(3);
  const joined = await embeddings(new Model(network, { threads: 1 }), x);
  const own = await Promise.all(
    Object.values(parts).map((part) => embeddings(new Model(part, { threads: 1 }), x)),
  );
  expect(joined.shape).toEqual([3, 5]);
  for (let row = 0; row < 3; row++) {
    const expected = own.flatMap(({ shape: [, width], data }) => [
      ...data.subarray(row * width, (row + 1) * width),
    ]);
    expect([...joined.data.subarray(5 * row, 5 * row + 5)]).toEqual(expected);
  }
  // Ordinary, as its file describes it.
  expect(networkFromConfig(network.config, network.getWeights()).config).toEqual(network.config);
});

it("joins networks with branches, whose layers are not one after the other", () => {
  const build = (seed: number) => musicnn({ inputShape: [40, 8, 1], classes: 3, seed });
  const network = sideBySide({ first: build(1), second: build(2) }, { classes: 2 });
  expect(network.getWeights().get("second/conv2d_1/kernel")).toEqual(
    build(2).getWeights().get("conv2d_1/kernel"),
  );
  expect(network.nodes.at(-1)?.inputShapes).toEqual([[400]]);
});

it("refuses one network alone, other inputs, and a last layer that is none of classes", () => {
  expect(() => sideBySide({ one: small(2, 1) }, { classes: 2 })).toThrow("takes two networks or more; got 1");
  const other = sequentialNetwork([flatten({ inputShape: [4, 4, 1] }), dense({ units: 2 })]);
  expect(() => sideBySide({ one: small(2, 1), other }, { classes: 2 })).toThrow(
    "other takes [4,4,1], the first [6,5,1]",
  );
  const headless = sequentialNetwork([conv2d({ filters: 2, kernelSize: 3, inputShape: SHAPE })]);
  expect(() => sideBySide({ one: small(2, 1), headless }, { classes: 2 })).toThrow(/must be dense/);
});
