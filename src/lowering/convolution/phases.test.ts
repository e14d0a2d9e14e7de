import { expect, it } from "vitest";
import { compile } from "../../graph/compile.ts";
import { add, conv2d, gradients, multiply, sum } from "../../ops/index.ts";
import { Generator } from "../../random/generator.ts";
import { KERNEL_TARGETS } from "../../testing/check-operation.ts";
import { expectClose } from "../../testing/compare.ts";
import { FUZZ_TIMES } from "../../testing/fuzz.ts";
import { testValues } from "../../testing/values.ts";

const DRAWN = 24 * FUZZ_TIMES;

/** A strided convolution in groups, with filters and steps of any relation to one another. */
function drawn(seed: number) {
  const generator = new Generator(seed);
  const from = (least: number, most: number) => least + generator.integer(most - least + 1);
  const pair = (least: number, most: number) => [from(least, most), from(least, most)] as const;
  const [kernel, strides, dilationRate] = [pair(1, 5), pair(1, 4), pair(1, 4)];
  const padding = [pair(0, 3), pair(0, 3)] as const;
  const lengths = kernel.map((size, axis) => (size - 1) * dilationRate[axis] + 1 + from(0, 9));
  const groups = from(2, 4);
  const [inputs, outputs] = pair(1, 20);
  return {
    input: [from(1, 3), ...lengths, groups * inputs],
    filter: [...kernel, inputs, groups * outputs],
    options: { strides, dilationRate, padding, groups },
  };
}

/** The input gradient of a squared convolution, scaled and shifted as it is stored. */
function gradientOf({ input, filter, options }: ReturnType<typeof drawn>, algorithms: "fixed" | "direct") {
  return (target: (typeof KERNEL_TARGETS)[number], threads: number) =>
    compile(
      (x, weights, shift) => {
        const output = conv2d(x, weights, options);
        return [add(multiply(gradients(sum(multiply(output, output)), [x])[0], 0.5), shift)];
      },
      [input, filter, input],
      { target, threads, algorithms },
    );
}

it("gives the input gradients of the direct algorithm, and the same bits for 1 and 3 threads", () => {
  let taken = 0;
  for (let seed = 0; seed < DRAWN; seed++) {
    const one = drawn(seed);
    const arrays = [one.input, one.filter, one.input].map((shape, i) => testValues("normal", shape, i));
    for (const target of KERNEL_TARGETS) {
      const run = gradientOf(one, "fixed")(target, 1);
      const calls = run.report.calls.filter(({ key }) => key.startsWith("convolution "));
      if (calls.length > 2) taken++;
      const what = `${JSON.stringify(one)} on ${target}`;
      const [actual] = run(...arrays);
      expectClose(actual.data, gradientOf(one, "direct")(target, 1)(...arrays)[0].data, 5e-6, what);
      expect(gradientOf(one, "fixed")(target, 3)(...arrays)[0].data, what).toEqual(actual.data);
    }
  }
  expect(taken).toBeGreaterThan((DRAWN * KERNEL_TARGETS.length) / 4);
});

it("counts multiply-adds once", () => {
  const one = { input: [1, 9, 9, 4], filter: [3, 3, 2, 4], options: { strides: 2, groups: 2 } as const };
  const products = (algorithms: "fixed" | "direct") =>
    compile((x, weights) => gradients(sum(conv2d(x, weights, one.options)), [x]), [one.input, one.filter], {
      target: "wasm",
      algorithms,
    }).report.calls.reduce((total, { multiplyAdds }) => total + multiplyAdds, 0);
  expect(products("fixed")).toBe(products("direct"));
});
