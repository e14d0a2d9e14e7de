import { expect, it } from "vitest";
import { compile, floatArray } from "auricle";
import { gradients, softmax, sum } from "auricle/ops";
import { FUNCTION_NAMES, parseLoss, traceLoss } from "./loss-language.ts";

const Z = [1.5, -0.5, 0.25];
const Y = [0, 1, 0];
const total = Z.reduce((all, z) => all + Math.exp(z), 0);
const P = Z.map((z) => Math.exp(z) / total);

/** The loss of one example and its gradient for z, by the engine. */
function lossOf(text: string) {
  const expression = parseLoss(text);
  const run = compile(
    (z, y) => {
      const loss = sum(traceLoss(expression, { y, z, p: softmax(z) }));
      return { loss, gradient: gradients(loss, [z])[0] };
    },
    [
      [1, 3],
      [1, 3],
    ],
    { threads: 1 },
  );
  const { loss, gradient } = run(floatArray(Z, [1, 3]), floatArray(Y, [1, 3]));
  return { loss: loss.data[0], gradient: [...gradient.data] };
}

const over = (value: (y: number, p: number, z: number) => number) =>
  Y.reduce((all, y, i) => all + value(y, P[i], Z[i]), 0);

it.each<[string, number]>([
  ["-y*log(p)", over((y, p) => -y * Math.log(p))],
  ["(p-y)^2", over((y, p) => (p - y) ** 2)],
  ["(z - y) ^ 2 / 3", over((y, _, z) => (z - y) ** 2 / 3)],
  ["−y·log(p)", over((y, p) => -y * Math.log(p))],
  ["2+3*p", over((_, p) => 2 + 3 * p)],
  ["10-4-3*p", over((_, p) => 10 - 4 - 3 * p)],
  ["8/2/2*p", over((_, p) => 2 * p)],
  ["-z^2", over((_, _p, z) => -(z ** 2))],
  ["2^-1*p", over((_, p) => p / 2)],
  ["2^3^1*p", over((_, p) => 8 * p)],
  ["--p", over((_, p) => p)],
  ["max(0, 1 - (2*y-1)*z)", over((y, _, z) => Math.max(0, 1 - (2 * y - 1) * z))],
  [
    "min(p,0.3)+abs(z)+sqrt(p)+relu(z)",
    over((_, p, z) => Math.min(p, 0.3) + Math.abs(z) + Math.sqrt(p) + Math.max(0, z)),
  ],
  ["sigmoid(z)+tanh(z)+exp(-z)", over((_, _p, z) => 1 / (1 + Math.exp(-z)) + Math.tanh(z) + Math.exp(-z))],
  ["log(4)*1e-1*p", over((_, p) => Math.log(4) * 0.1 * p)],
  [".5*p", over((_, p) => 0.5 * p)],
  // A sum over the classes has one value for an example, and is taken once.
  ["log(sum(exp(z)))", Math.log(total)],
  ["mean(z)", Z.reduce((all, z) => all + z, 0) / 3],
  ["y*(log(sum(exp(z)))-z)", over((y, _, z) => y * (Math.log(total) - z))],
])("%s is what it says, within 1e-5", (text, wanted) => {
  expect(lossOf(text).loss).toBeCloseTo(wanted, 5);
});

it("has the gradient p - y for cross-entropy, typed in", () => {
  lossOf("-y*log(p)").gradient.forEach((value, i) => expect(value).toBeCloseTo(P[i] - Y[i], 5));
});

it.each([
  ["", /nothing yet/],
  ["p+", /ends where a number/],
  ["(p", /ends where “\)” is expected/],
  ["p)", /“\)” at place 2: an operator is expected/],
  ["p p", /“p” at place 3: an operator/],
  ["q*2", /“q” at place 1.*functions are abs/],
  ["max(p)", /max takes 2 values; got 1/],
  ["log(p,2)", /log takes one value; got 2/],
  ["log p", /“p” at place 5: “\(” is expected/],
  ["1..2", /“\.2” at place 3: an operator/],
  ["alert(1)", /“alert” at place 1/],
  ["constructor", /“constructor” at place 1/],
  ["p;p", /“;” at place 2/],
  ["negative(p)", /“negative” at place 1/],
  ["p".repeat(300), /At most 200 characters/],
])("%s is refused with a reason", (text, reason) => {
  expect(() => parseLoss(text)).toThrow(reason);
});

it("refuses losses that do not depend on the network", () => {
  for (const text of ["3", "y", "y^2+1"]) expect(() => lossOf(text)).toThrow(/use p or z/);
  expect(() => lossOf("p + sum(2)")).toThrow(/sum adds up over the classes/);
});

it("has no names but those of functions", () => {
  expect(FUNCTION_NAMES).toEqual([
    "abs",
    "exp",
    "log",
    "sqrt",
    "tanh",
    "sigmoid",
    "relu",
    "max",
    "min",
    "sum",
    "mean",
  ]);
});
