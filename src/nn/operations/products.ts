/** @file Matrix products, convolutions and pooling. Channels are the second axis, as ONNX has them. */
import type { Tensor } from "../../graph/tensor.ts";
import { add, multiply } from "../../ops/arithmetic.ts";
import { conv1d, conv2d } from "../../ops/convolution.ts";
import { matmul } from "../../ops/matmul.ts";
import { averagePool1d, averagePool2d, maxPool1d, maxPool2d } from "../../ops/pooling.ts";
import { power } from "../../ops/power.ts";
import { max, mean } from "../../ops/reduce.ts";
import { reshape } from "../../ops/reshape.ts";
import { abs } from "../../ops/select.ts";
import { sum } from "../../ops/sum.ts";
import { transpose } from "../../ops/transpose.ts";
import { conv1dTranspose, conv2dTranspose } from "../../ops/transposed-convolution.ts";
import { dilatedSize, windowCount } from "../../ops/window.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Call } from "./call.ts";
import type { OperationFunction } from "./operation.ts";
import { requireFew } from "./value.ts";

/** The geometry of a window over spatial axes. */
export interface WindowGeometryOptions {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly groups: number;
}

/**
 * The attributes of a convolution or pooling over the first input.
 * @param window the lengths of the window, where the attribute is left out
 */
export function windowOptions(call: Call, window?: readonly number[]): WindowGeometryOptions {
  const lengths = call.value(0).shape.slice(2);
  const axes = lengths.length;
  if (axes !== 1 && axes !== 2) call.refuse(`windows over ${axes} axes; there are those over 1 and 2`);
  const each = (name: string, fallback: number) =>
    call.numbersNamed(name) ?? new Array<number>(axes).fill(fallback);
  const size =
    call.numbersNamed("kernel_shape") ?? window ?? call.refuse("the attribute kernel_shape is missing");
  const strides = each("strides", 1);
  const dilations = each("dilations", 1);
  if ([size, strides, dilations].some((list) => list.length !== axes)) {
    call.refuse(`kernel_shape, strides and dilations must have ${axes} entries, one for each axis`);
  }
  const widths = size.map((length, axis) => dilatedSize(length, dilations[axis]));
  return {
    window: size,
    strides,
    dilations,
    padding: paddingOf(call, lengths, widths, strides),
    groups: call.number("group", 1),
  };
}

function paddingOf(
  call: Call,
  lengths: Shape,
  widths: readonly number[],
  strides: readonly number[],
): [number, number][] {
  const rule = call.text("auto_pad", "NOTSET");
  const pads = call.numbersNamed("pads") ?? new Array<number>(2 * lengths.length).fill(0);
  if (rule === "NOTSET") {
    if (pads.length !== 2 * lengths.length)
      call.refuse(`pads must have two entries for each of ${lengths.length} axes`);
    return lengths.map((_, axis) => [pads[axis], pads[axis + lengths.length]]);
  }
  if (rule === "VALID") return lengths.map(() => [0, 0]);
  if (rule !== "SAME_UPPER" && rule !== "SAME_LOWER") call.refuse(`auto_pad ${rule}`);
  return lengths.map((length, axis) => {
    const total = Math.max(
      0,
      (Math.ceil(length / strides[axis]) - 1) * strides[axis] + widths[axis] - length,
    );
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return rule === "SAME_UPPER" ? [less, more] : [more, less];
  });
}

/** The order of axes that puts channels last: [0, 2, 3, 1]. */
export function lastOrder(rank: number): number[] {
  return [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
}

/** The order of axes that puts the last one second: [0, 3, 1, 2]. */
export function firstOrder(rank: number): number[] {
  return [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)];
}

export function channelsLast(x: Tensor): Tensor {
  return transpose(x, lastOrder(x.shape.length));
}

export function channelsFirst(x: Tensor): Tensor {
  return transpose(x, firstOrder(x.shape.length));
}

/** A convolution of the first input with the second, and the third added to each channel. */
export function convolved(call: Call): Tensor {
  const filter = call.numbers(1);
  const axes = filter.shape.length - 2;
  const { strides, dilations, padding, groups } = windowOptions(call, filter.shape.slice(2));
  const kernel = transpose(filter, [...filter.shape.slice(2).map((_, i) => i + 2), 1, 0]);
  const convolve = axes === 1 ? conv1d : conv2d;
  const sums = convolve(channelsLast(call.numbers(0)), kernel, {
    strides,
    padding,
    dilationRate: dilations,
    groups,
  });
  return channelsFirst(call.has(2) ? add(sums, call.numbers(2)) : sums);
}

/** Returns the lengths that a transposed convolution cuts off, and how much longer its result is at the end. */
export function transposedOptions(call: Call, window: readonly number[]) {
  const options = windowOptions(call, window);
  const lengths = call.value(0).shape.slice(2);
  const more = call.numbersNamed("output_padding") ?? lengths.map(() => 0);
  const wanted = call.numbersNamed("output_shape");
  const rule = call.text("auto_pad", "NOTSET");
  const whole = lengths.map(
    (length, axis) =>
      options.strides[axis] * (length - 1) +
      more[axis] +
      dilatedSize(options.window[axis], options.dilations[axis]),
  );
  const targets = wanted?.slice(-lengths.length) ?? (rule.startsWith("SAME") ? lengths.map((length, axis) => length * options.strides[axis]) : undefined); // prettier-ignore
  if (!targets) return { ...options, outputPadding: more };
  const padding = targets.map((target, axis): [number, number] => {
    const total = Math.max(0, whole[axis] - target);
    const half = Math.floor(total / 2);
    return rule === "SAME_UPPER" ? [half, total - half] : [total - half, half];
  });
  const longer = targets.map((target, axis) => more[axis] + Math.max(0, target - whole[axis]));
  return { ...options, padding, outputPadding: longer };
}

function spread(call: Call): Tensor {
  const filter = call.numbers(1);
  const axes = filter.shape.length - 2;
  const { strides, dilations, padding, groups, outputPadding } = transposedOptions(
    call,
    filter.shape.slice(2),
  );
  const kernel = transpose(filter, [...filter.shape.slice(2).map((_, i) => i + 2), 1, 0]);
  const apply = axes === 1 ? conv1dTranspose : conv2dTranspose;
  const options = { strides, padding, dilationRate: dilations, groups, outputPadding };
  const sums = apply(channelsLast(call.numbers(0)), kernel, options);
  return channelsFirst(call.has(2) ? add(sums, call.numbers(2)) : sums);
}

const MAX = { 1: maxPool1d, 2: maxPool2d };
const AVERAGE = { 1: averagePool1d, 2: averagePool2d };

/** Options of a pooling as the engine's operations and layers take them. */
export function poolingOptions(call: Call) {
  const { window, strides, dilations, padding } = windowOptions(call);
  return { poolSize: window, strides, dilationRate: dilations, padding, ceil: call.flag("ceil_mode") };
}

function axesOf(call: Call): 1 | 2 {
  return call.value(0).shape.length === 3 ? 1 : 2;
}

function largest(call: Call): Tensor {
  if (call.results > 1) call.refuse("places of the largest (the second output)");
  if (call.number("storage_order", 0) !== 0) call.refuse("storage_order");
  const options = poolingOptions(call);
  checkPooled(call, options);
  return channelsFirst(MAX[axesOf(call)](channelsLast(call.numbers(0)), options));
}

function average(call: Call): Tensor {
  const options = { ...poolingOptions(call), countIncludePad: call.flag("count_include_pad") };
  checkPooled(call, options);
  return channelsFirst(AVERAGE[axesOf(call)](channelsLast(call.numbers(0)), options));
}

/** @throws AuricleError "unsupported" for windows that see padding alone. */
export function checkPooled(
  call: Call,
  { poolSize, strides, dilationRate, padding, ceil }: ReturnType<typeof poolingOptions>,
): void {
  call
    .value(0)
    .shape.slice(2)
    .forEach((length, axis) => {
      const width = dilatedSize(poolSize[axis], dilationRate[axis]);
      const [before, after] = padding[axis];
      const outputs = windowCount(length, width, strides[axis], padding[axis]);
      requireFew("windows", [Math.max(0, outputs), poolSize[axis]]);
      if (before >= width || (after >= width && !ceil && (outputs - 1) * strides[axis] >= length + before)) {
        call.refuse(
          `windows that see padding alone: padding ${String(padding[axis])} around an axis of length ${length}`,
        );
      }
    });
}

/** (Σ |x|^p)^(1/p) over each window: a mean times the number of cells. */
function powerMean(call: Call): Tensor {
  const p = call.number("p", 2);
  const { poolSize, ...options } = poolingOptions(call);
  const powers = power(abs(channelsLast(call.numbers(0))), p);
  const means = AVERAGE[axesOf(call)](powers, { poolSize, ...options, countIncludePad: true });
  const cells = poolSize.reduce((product, size) => product * size, 1);
  return channelsFirst(power(multiply(means, cells), 1 / p));
}

function spatial(x: Tensor): number[] {
  return x.shape.slice(2).map((_, i) => i + 2);
}

/** alpha·A'·B' + beta·C. */
function general(call: Call): Tensor {
  const [alpha, beta] = [call.number("alpha", 1), call.number("beta", 1)];
  const product = matmul(call.numbers(0), call.numbers(1), {
    transposeA: call.flag("transA"),
    transposeB: call.flag("transB"),
  });
  const scaled = alpha === 1 ? product : multiply(product, alpha);
  if (!call.has(2)) return scaled;
  const term = call.numbers(2);
  return add(scaled, beta === 1 ? term : multiply(term, beta));
}

/** Products summed over the labels that the result does not have. */
function einsum(call: Call): Tensor {
  const equation = call.text("equation").replace(/\s/g, "");
  const [left, given] = equation.split("->");
  const terms = left.split(",");
  const tensors = call.allNumbers();
  if (terms.length !== tensors.length) call.refuse(`the equation ${equation} for ${tensors.length} inputs`);
  const dots = Math.max(...terms.map((term, i) => (term.includes("...") ? tensors[i].shape.length - term.replace("...", "").length : 0))); // prettier-ignore
  const spare = "0123456789".slice(0, dots);
  const labelled = terms.map((term, i) => {
    const own = tensors[i].shape.length - term.replace("...", "").length;
    return [...term.replace("...", spare.slice(dots - own))];
  });
  const free = [...new Set(labelled.flat())].filter(
    (label) => labelled.flat().filter((one) => one === label).length === 1,
  );
  const output =
    given === undefined
      ? [...spare, ...free.filter((label) => !spare.includes(label)).sort()]
      : [...given.replace("...", spare)];
  const labels = [...new Set([...output, ...labelled.flat()])];
  if (labelled.some((term) => new Set(term).size < term.length))
    call.refuse(`a diagonal, in the equation ${equation}`);
  const spreadOut = tensors.map((tensor, i) => {
    const order = labels
      .filter((label) => labelled[i].includes(label))
      .map((label) => labelled[i].indexOf(label));
    const ordered = transpose(tensor, order);
    const rest = [...ordered.shape];
    return reshape(ordered, labels.map((label) => (labelled[i].includes(label) ? (rest.shift() ?? 1) : 1))); // prettier-ignore
  });
  const product = spreadOut.reduce((a, b) => multiply(a, b));
  const summed = labels.flatMap((label, axis) => (output.includes(label) ? [] : [axis]));
  return summed.length === 0 ? product : sum(product, summed);
}

/** Products and windows, by ONNX's names. */
export const PRODUCTS = {
  AveragePool: (call) => [average(call)],
  Conv: (call) => [convolved(call)],
  ConvTranspose: (call) => [spread(call)],
  Einsum: (call) => [einsum(call)],
  Gemm: (call) => [general(call)],
  GlobalAveragePool: (call) => [mean(call.numbers(0), spatial(call.numbers(0)), true)],
  GlobalLpPool: (call) => {
    const p = call.number("p", 2);
    const x = call.numbers(0);
    return [power(sum(power(abs(x), p), spatial(x), true), 1 / p)];
  },
  GlobalMaxPool: (call) => [max(call.numbers(0), spatial(call.numbers(0)), true)],
  LpPool: (call) => [powerMean(call)],
  MatMul: (call) => [matmul(call.numbers(0), call.numbers(1))],
  MaxPool: (call) => [largest(call)],
} satisfies Record<string, OperationFunction>;
