/** @file The one check that every operation passes: kernels against reference loops, gradients against finite differences. */
import { compile } from "../graph/compile.ts";
import { evaluate } from "../graph/interpret.ts";
import { inputTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { gradients, multiply, sum } from "../ops/index.ts";
import type { BoundCase } from "../ops/testing/cases.ts";
import { kernelTargets, type KernelTarget } from "../runtime/target.ts";
import { sizeOf } from "../tensor/shape.ts";
import { expectClose } from "./compare.ts";
import { testValues } from "./values.ts";

/** Targets that emit kernels and that run here. */
export const KERNEL_TARGETS: readonly KernelTarget[] = kernelTargets();

/** Native targets that do not run here; their kernels can be interpreted. */
export const INTERPRETED_TARGETS: readonly KernelTarget[] = (["avx2", "avx512"] as const).filter(
  (target) => !KERNEL_TARGETS.includes(target),
);

/** Targets that single kernels are checked on. */
export const CHECKED_TARGETS: readonly KernelTarget[] = [...KERNEL_TARGETS, ...INTERPRETED_TARGETS];

export function inputsOf({ inputs }: BoundCase) {
  return inputs.map(({ shape, values }, i) => testValues(values, shape, i + 1));
}

/** Runs one case on every kernel target, fused and unfused, and compares with the reference loops: whole numbers must be equal. */
export function checkKernels(name: string, one: BoundCase, relative: number): void {
  const arrays = inputsOf(one);
  const apply = (...inputs: Tensor[]) => one.apply(inputs);
  const expected = compile(apply, one.inputs, { target: "reference" })(...arrays);
  for (const target of KERNEL_TARGETS) {
    for (const fusion of [true, false]) {
      const actual = compile(apply, one.inputs, { target, fusion, threads: 1 })(...arrays);
      const allowed = actual.data instanceof Int32Array ? 0 : relative;
      expectClose(actual.data, expected.data, allowed, `${name} on ${target}`);
    }
  }
}

const MOST_DIFFERENCES = 40;

/** Compares the gradient rule with central differences of the reference loops, in double precision. */
export function checkGradient(name: string, one: BoundCase): void {
  const inputs = one.inputs.map(({ shape, dtype }) => inputTensor(shape, dtype));
  const output = one.apply(inputs);
  const weights = inputTensor(output.shape, "float32");
  const loss = sum(multiply(output, weights));
  const derived = gradients(loss, inputs);
  const values = inputsOf(one).map((array) => Float64Array.from(array.data));
  const weightValues = Float64Array.from(testValues("normal", output.shape, 77).data);
  const bind = () =>
    new Map([...inputs.map((tensor, i) => [tensor, values[i]] as const), [weights, weightValues]]);
  const analytic = evaluate(derived, bind());
  const step = 1e-5;
  inputs.forEach((tensor, i) => {
    if (tensor.dtype === "int32") return;
    // Each difference takes two runs of the loops: of many elements a spread sample is checked.
    const size = sizeOf(tensor.shape);
    const every = Math.max(1, Math.floor(size / MOST_DIFFERENCES));
    const numeric: number[] = [];
    const chosen: number[] = [];
    for (let j = 0; j < size; j += every) {
      const original = values[i][j];
      values[i][j] = original + step;
      const [[above]] = evaluate([loss], bind());
      values[i][j] = original - step;
      const [[below]] = evaluate([loss], bind());
      values[i][j] = original;
      numeric.push((above - below) / (2 * step));
      chosen.push(analytic[i][j]);
    }
    expectClose(chosen, numeric, 1e-6, `${name}: gradient of input ${i}`);
  });
}
