import { expect, it } from "vitest";
import { concat, pad, relu, reshape, sum, tanh, transpose } from "../ops/index.ts";
import { repeat } from "../ops/repeat.ts";
import type { DType } from "../tensor/array.ts";
import type { Shape } from "../tensor/shape.ts";
import { checkGraph } from "./check-graph.ts";
import { Slab } from "./slab.ts";
import { constantTensor, indexTensor, inputTensor, variableTensor } from "./sources.ts";
import { Tensor, withFacts, type Structure } from "./tensor.ts";

const slab = new Slab("weights", new Float32Array(20));
const x = inputTensor([4, 6], "float32");
const y = inputTensor([4, 6], "float32");

/** The same tensor with something wrong. */
interface Damage {
  readonly shape?: Shape;
  readonly dtype?: DType;
  readonly structure?: object;
  readonly inputs?: readonly Tensor[];
}

function damaged(tensor: Tensor, { shape, dtype, structure, inputs }: Damage): Tensor {
  const changed: Structure = Object.assign({}, tensor.operation.structure, structure);
  const operation = { ...tensor.operation, key: tensor.operation.key, structure: changed };
  return new Tensor(shape ?? tensor.shape, dtype ?? tensor.dtype, operation, inputs ?? tensor.inputs);
}

function check(...outputs: Tensor[]): void {
  checkGraph({ inputs: [x, y], outputs, assignments: [] });
}

const inner = (lengths: number[], strides: number[]) => ({ inner: { lengths, strides } });

const DAMAGES: readonly (readonly [string, Tensor, Damage, string])[] = [
  ["a shape that is none", relu(x), { shape: [4, -6] }, "no lengths"],
  ["an operand of another shape", relu(x), { shape: [4, 5] }, "inputs must have its shape"],
  ["no operand", relu(x), { inputs: [] }, "inputs must have its shape"],
  ["a view of another size", reshape(x, [24]), { shape: [23] }, "its input's size"],
  ["a view of another dtype", reshape(x, [24]), { dtype: "int32" }, "dtype"],
  ["a view of two tensors", reshape(x, [24]), { inputs: [x, y] }, "must have 1 inputs"],
  ["reads behind the input", transpose(x), { structure: { offset: 1 } }, "reads elements 1 to 24 of 24"],
  ["reads before the input", transpose(x), { structure: { strides: [-1, 6] } }, "reads elements -5 to"],
  ["a stride too few", transpose(x), { structure: { strides: [1] } }, "a stride for each axis"],
  ["a result of another dtype", transpose(x), { dtype: "int32" }, "dtype"],
  [
    "inner lengths that divide nothing",
    repeat(x, [2, 1]),
    { structure: inner([3, 1], [0, 0]) },
    "divide its axes",
  ],
  [
    "inner strides beyond the input",
    repeat(x, [2, 1]),
    { structure: inner([2, 1], [6, 0]) },
    "reads elements",
  ],
  ["reduced axes out of order", sum(x), { structure: { axes: [1, 0] } }, "must reduce axes"],
  ["an axis that is not there", sum(x, 1), { structure: { axes: [2] } }, "must reduce axes"],
  ["a reduction that keeps another axis", sum(x, 1), { structure: { axes: [0] } }, "shape of the kept axes"],
  ["a part behind the end", concat([x, y], 0), { structure: { offsets: [0, 30] } }, "beyond its shape"],
  ["parts one over the other", concat([x, y], 0), { structure: { offsets: [0, 18] } }, "overlap"],
  [
    "a part left out",
    concat([x, y], 0),
    { structure: { offsets: [0] }, inputs: [x] },
    "leave 24 elements out",
  ],
  ["an offset too few", concat([x, y], 0), { structure: { offsets: [0] } }, "an offset for each input"],
  ["a frame that is not filled", pad(x, [[1, 1], [0, 0]]), { structure: { fill: undefined } }, "leave 12"], // prettier-ignore
  [
    "a variable behind its slab",
    variableTensor(slab, 0, [20]),
    { structure: { offset: 1 } },
    "beyond slab weights",
  ],
  [
    "a constant with too few numbers",
    constantTensor({ shape: [2], data: Float32Array.of(1, 2) }),
    { shape: [3] },
    "must hold 3 numbers",
  ],
  [
    "a constant of another dtype",
    constantTensor({ shape: [2], data: Float32Array.of(1, 2) }),
    { dtype: "int32" },
    "int32 numbers",
  ],
  ["an index in floats", indexTensor([3], [1]), { dtype: "float32" }, "must be int32"],
  [
    "an index with an axis too many",
    indexTensor([3], [1]),
    { structure: { strides: [1, 1] } },
    "a stride for each axis",
  ],
];

it.each(DAMAGES)("finds %s", (_, tensor, damage, message) => {
  expect(() => check(tensor)).not.toThrow();
  const wrong = damaged(tensor, damage);
  expect(() => check(wrong)).toThrow(message);
  // Wherever it is in the graph.
  const whole = new Tensor(
    wrong.shape,
    wrong.dtype,
    { ...relu(x).operation, key: "", structure: relu(x).operation.structure },
    [wrong],
  );
  expect(() => check(tanh(x), whole)).toThrow(message);
});

it("finds a sum known over axes that are not there", () => {
  expect(() => check(withFacts(x, { zeroSumAxes: [0, 1] }))).not.toThrow();
  expect(() => check(withFacts(x, { zeroSumAxes: [2] }))).toThrow("axes it does not have");
});

it("finds a cycle", () => {
  const inputs = [x];
  const first = new Tensor([4, 6], "float32", relu(x).operation, inputs);
  const second = relu(first);
  expect(() => check(second)).not.toThrow();
  inputs[0] = second;
  expect(() => check(second)).toThrow("is in a cycle");
});

it("finds an assignment beyond its slab", () => {
  const assigned = (offset: number) => () =>
    checkGraph({ inputs: [], outputs: [], assignments: [{ slab, offset, value: sum(x, 0) }] });
  expect(assigned(14)).not.toThrow();
  expect(assigned(15)).toThrow("beyond slab weights of 20 words");
});
