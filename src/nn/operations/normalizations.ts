/** @file Normalisations. Channels are the second axis, as ONNX has them. */
import type { Tensor } from "../../graph/tensor.ts";
import { add, divide, multiply, subtract } from "../../ops/arithmetic.ts";
import { sqrt } from "../../ops/exponential.ts";
import { batchNorm } from "../../ops/batch-norm.ts";
import { groupNorm } from "../../ops/group-norm.ts";
import { pad } from "../../ops/pad.ts";
import { power } from "../../ops/power.ts";
import { mean } from "../../ops/reduce.ts";
import { reshape } from "../../ops/reshape.ts";
import { slice } from "../../ops/slice-and-pad.ts";
import { moments } from "../../ops/variance.ts";
import { constantTensor } from "../../graph/sources.ts";
import { knownValue, type Value } from "./value.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { Call, Result } from "./call.ts";
import type { OperationFunction } from "./operation.ts";

function batch(call: Call): Tensor {
  if (call.flag("training_mode"))
    call.refuse("BatchNormalization in training mode; export the model in evaluation mode");
  if (!call.flag("spatial", true)) call.refuse("BatchNormalization with spatial 0");
  return batchNorm(call.numbers(0), {
    gamma: call.numbers(1),
    beta: call.numbers(2),
    mean: call.numbers(3),
    variance: call.numbers(4),
    epsilon: call.number("epsilon", 1e-5),
    axis: 1,
  });
}

function group(call: Call): Tensor {
  const x = call.numbers(0);
  const groups = call.number("num_groups");
  const channels = x.shape[1];
  // Opset 18 has a factor for each group.
  const each = (tensor: Tensor) =>
    tensor.shape[0] === channels
      ? tensor
      : reshape(
          multiply(
            reshape(tensor, [groups, 1]),
            constantTensor({
              shape: [1, channels / groups],
              data: new Float32Array(channels / groups).fill(1),
            }),
          ),
          [channels],
        );
  return groupNorm(x, {
    groups,
    gamma: each(call.numbers(1)),
    beta: each(call.numbers(2)),
    epsilon: call.number("epsilon", 1e-5),
    axis: 1,
  });
}

/** Also gives the mean and the inverse of the deviation where they are asked for. */
function layer(call: Call): Result[] {
  const x = call.numbers(0);
  const first = call.axis("axis", -1);
  const axes = x.shape.flatMap((_, axis) => (axis >= first ? [axis] : []));
  const { mean: means, variance } = moments(x, axes);
  const kept = x.shape.map((length, axis) => (axis >= first ? 1 : length));
  const center = reshape(means, kept);
  const inverse = reshape(divide(1, sqrt(add(variance, call.number("epsilon", 1e-5)))), kept);
  const scaled = multiply(multiply(subtract(x, center), inverse), call.numbers(1));
  const output = call.has(2) ? add(scaled, call.numbers(2)) : scaled;
  const others = [center, inverse].map((tensor): Value => ({ type: "float32", shape: tensor.shape, tensor }));
  return [output, ...others].slice(0, Math.max(1, call.results));
}

function rootMeanSquare(call: Call): Tensor {
  const x = call.numbers(0);
  const first = call.axis("axis", -1);
  const axes = x.shape.flatMap((_, axis) => (axis >= first ? [axis] : []));
  const squares = mean(multiply(x, x), axes, true);
  return multiply(divide(x, sqrt(add(squares, call.number("epsilon", 1e-5)))), call.numbers(1));
}

/** Each value by the squares of so many channels around it. */
function localResponse(call: Call): Tensor {
  const x = call.numbers(0);
  const size = call.number("size");
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  if (!(size >= 1 && size <= 1024)) call.refuse("LRN over no channels, or more than 1024");
  const padded = pad(multiply(x, x), x.shape.map((_, axis) => (axis === 1 ? [before, after] : [0, 0]))); // prettier-ignore
  let sums: Tensor | undefined;
  for (let shift = 0; shift < size; shift++) {
    const part = slice(padded, x.shape.map((_, axis) => (axis === 1 ? shift : 0)), x.shape); // prettier-ignore
    sums = sums ? add(sums, part) : part;
  }
  const alpha = call.number("alpha", 1e-4) / size;
  const base = add(multiply(sums ?? x, alpha), call.number("bias", 1));
  return divide(x, power(base, call.number("beta", 0.75)));
}

function meanVariance(call: Call): Tensor {
  const x = call.numbers(0);
  const axes = (call.numbersNamed("axes") ?? [0, 2, 3]).map((axis) =>
    axis < 0 ? axis + x.shape.length : axis,
  );
  const center = mean(x, axes, true);
  const off = subtract(x, center);
  const deviation = sqrt(mean(multiply(off, off), axes, true));
  return divide(off, add(deviation, 1e-9));
}

/** Nothing is dropped in inference; the mask says so. */
function dropout(call: Call): Result[] {
  if (call.has(2) && call.scalar(2) === 1 && call.scalar(1) !== 0) {
    call.refuse("Dropout in training mode; export the model in evaluation mode");
  }
  const { shape } = call.value(0);
  const kept = call.results > 1 ? [knownValue(new Float64Array(sizeOf(shape)).fill(1), shape, "bool")] : [];
  return [call.value(0), ...kept];
}

/** Normalisations, by ONNX's names. */
export const NORMALIZATIONS = {
  BatchNormalization: (call) => [batch(call)],
  Dropout: dropout,
  GroupNormalization: (call) => [group(call)],
  InstanceNormalization: (call) => [
    groupNorm(call.numbers(0), {
      groups: call.value(0).shape[1],
      gamma: call.numbers(1),
      beta: call.numbers(2),
      epsilon: call.number("epsilon", 1e-5),
      axis: 1,
    }),
  ],
  LayerNormalization: layer,
  LRN: (call) => [localResponse(call)],
  MeanVarianceNormalization: (call) => [meanVariance(call)],
  RMSNormalization: (call) => [rootMeanSquare(call)],
} satisfies Record<string, OperationFunction>;
