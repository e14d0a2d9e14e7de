import { it } from "vitest";
import { compile, compileGraph } from "./compile.ts";
import { add, multiply, tanh, sum, gradients, reshape } from "../ops/index.ts";
import { conv2d } from "../ops/convolution.ts";
import { floatArray } from "../tensor/array.ts";
const time = (name: string, f: () => unknown) => { const t = performance.now(); const r = f(); console.log(name, (performance.now() - t).toFixed(0), "ms", r); };
it("x", () => {
  for (const n of [500, 5000]) time(`chain of ${n} adds`, () => compile((x) => { let y = x; for (let i = 0; i < n; i++) y = add(y, i % 7); return y; }, [[100]], { threads: 1 }).report.calls.length);
  for (const n of [250, 2500]) time(`tanh residual ${n} (2 nodes each) + gradient`, () => compile((x) => { let y = x; for (let i = 0; i < n; i++) y = multiply(add(tanh(y), y), 0.5); const l = sum(y); return [l, ...gradients(l, [x])]; }, [[100]], { threads: 1 }).report.calls.length);
  for (const n of [100, 400]) time(`conv ${n} residual + gradient`, () => compile((x, w) => { let y = x; for (let i = 0; i < n; i++) y = add(tanh(conv2d(y, w, { padding: "same" })), y); const l = sum(y); return [l, ...gradients(l, [x, w])]; }, [[1, 5, 5, 4], [3, 3, 4, 4]], { threads: 1 }).report.calls.length);
  time("reshape chain grads", () => compile((x) => { let y = x; for (let i = 0; i < 5000; i++) y = reshape(tanh(y), i % 2 ? [100] : [10, 10]); const l = sum(y); return gradients(l, [x]); }, [[100]], { threads: 1 }).report.calls.length);
});
