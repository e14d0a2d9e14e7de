/** @file Operations that pick and place elements by indices, and that make tensors of numbers known while tracing. */
import type { Tensor } from "../../graph/tensor.ts";
import { constantTensor } from "../../graph/sources.ts";
import { add, equal, less, multiply } from "../../ops/arithmetic.ts";
import { toFloat, toInt } from "../../ops/cast.ts";
import { concat } from "../../ops/concat.ts";
import { gather, takeAlongAxis } from "../../ops/gather.ts";
import { reshape } from "../../ops/reshape.ts";
import { slice } from "../../ops/slice-and-pad.ts";
import { where } from "../../ops/select.ts";
import { intArray } from "../../tensor/array.ts";
import { normalizeAxis, sizeOf, stridesOf, type Shape } from "../../tensor/shape.ts";
import type { Call, Result } from "./call.ts";
import type { OperationFunction } from "./operation.ts";
import { knownValue, requireFew, type ElementType } from "./value.ts";

/** Indices from 0: negative ones count from the end. */
function indicesOf(call: Call, input: number, length: number): Tensor {
  const value = call.value(input);
  if (value.known) {
    const fromStart = value.known.map((index) => (index < 0 ? index + length : index));
    const wrong = fromStart.find((index) => !(index >= 0 && index < length));
    if (wrong !== undefined) call.refuse(`index ${wrong} is outside an axis of length ${length}`);
    return constantTensor(intArray(Int32Array.from(fromStart), value.shape));
  }
  const numbers = toFloat(call.tensor(input));
  return toInt(where(less(numbers, 0), add(numbers, length), numbers));
}

function gathered(call: Call): Tensor {
  const x = call.tensor(0);
  const axis = call.axis("axis", 0);
  return gather(x, indicesOf(call, 1, x.shape[axis]), axis);
}

function gatheredElements(call: Call): Tensor {
  const x = call.tensor(0);
  const axis = call.axis("axis", 0);
  const { shape } = call.value(1);
  // Other axes may be shorter than x's.
  const size = x.shape.map((length, i) => (i === axis ? length : shape[i]));
  const part = size.every((length, i) => length === x.shape[i]) ? x : slice(x, x.shape.map(() => 0), size); // prettier-ignore
  return takeAlongAxis(part, indicesOf(call, 1, x.shape[axis]), axis);
}

/** For each tuple of indices, where what it names begins in the flat tensor, and how many elements that has. */
function placesOfTuples(call: Call, shape: Shape, batchAxes: number) {
  const indices = call.value(1);
  const width = indices.shape.at(-1) ?? 0;
  const strides = stridesOf(shape);
  const batches = sizeOf(shape.slice(0, batchAxes));
  const tuples = sizeOf(indices.shape) / Math.max(1, width);
  const known = call.known(1);
  const inner = sizeOf(shape.slice(batchAxes + width));
  const starts = Array.from({ length: tuples }, (_, tuple) => {
    const batch = Math.floor((tuple * batches) / tuples);
    let at = batch * sizeOf(shape.slice(batchAxes));
    for (let i = 0; i < width; i++) {
      const axis = batchAxes + i;
      const index = known[tuple * width + i];
      const place = index < 0 ? index + shape[axis] : index;
      if (!(place >= 0 && place < shape[axis]))
        call.refuse(`index ${index} is outside an axis of length ${shape[axis]}`);
      at += place * strides[axis];
    }
    return at;
  });
  return { starts, inner };
}

function gatheredTuples(call: Call): Tensor {
  const x = call.tensor(0);
  const batchAxes = call.number("batch_dims", 0);
  const { starts, inner } = placesOfTuples(call, x.shape, batchAxes);
  const indices = call.value(1).shape;
  const shape = [...indices.slice(0, -1), ...x.shape.slice(batchAxes + (indices.at(-1) ?? 0))];
  requireFew("what GatherND picks", shape);
  const places = starts.flatMap((start) => Array.from({ length: inner }, (_, i) => start + i));
  return reshape(pickFlat(x, places), shape);
}

function pickFlat(x: Tensor, places: readonly number[]): Tensor {
  requireFew("picking", [places.length]);
  return gather(
    reshape(x, [sizeOf(x.shape)]),
    constantTensor(intArray(Int32Array.from(places), [places.length])),
  );
}

/**
 * Puts updates at known places of a tensor: all that comes out is picked from both of them. Where places come twice, the last
 * update counts, or all are combined in rounds of updates at places that differ.
 */
function placed(call: Call, x: Tensor, updates: Tensor, places: readonly number[]): Tensor {
  const size = sizeOf(x.shape);
  requireFew("placing", x.shape);
  const reduction = call.text("reduction", "none");
  if (reduction !== "none" && reduction !== "add" && reduction !== "mul") {
    call.refuse(`the reduction ${reduction}`);
  }
  if (reduction === "none") {
    const from = Array.from({ length: size }, (_, i) => i);
    places.forEach((place, i) => {
      from[place] = size + i;
    });
    const both = concat([reshape(x, [size]), reshape(updates, [sizeOf(updates.shape)])], 0);
    return reshape(pickFlat(both, from), x.shape);
  }
  const rounds: (number | undefined)[][] = [];
  const count = new Map<number, number>();
  places.forEach((place, i) => {
    const round = count.get(place) ?? 0;
    count.set(place, round + 1);
    (rounds[round] ??= new Array<number | undefined>(size))[place] = i;
  });
  if (rounds.length > 64) call.refuse("a place that is updated more than 64 times");
  const neutral = reduction === "add" ? 0 : 1;
  const number = constantTensor({ shape: [1], data: Float32Array.of(neutral) });
  const all = concat([reshape(updates, [sizeOf(updates.shape)]), number], 0);
  const last = sizeOf(updates.shape);
  return rounds.reduce((tensor, round) => {
    const change = reshape(
      pickFlat(
        all,
        Array.from(round, (i) => i ?? last),
      ),
      x.shape,
    );
    return reduction === "add" ? add(tensor, change) : multiply(tensor, change);
  }, x);
}

function scatteredElements(call: Call): Tensor {
  const x = call.tensor(0);
  const axis = call.axis("axis", 0);
  const { shape } = call.value(1);
  const strides = stridesOf(x.shape);
  const own = stridesOf(shape);
  const places = [...call.known(1)].map((index, i) => {
    const place = index < 0 ? index + x.shape[axis] : index;
    if (!(place >= 0 && place < x.shape[axis]))
      call.refuse(`index ${index} is outside an axis of length ${x.shape[axis]}`);
    return shape.reduce((sum, length, one) => {
      const at = one === axis ? place : Math.floor(i / own[one]) % length;
      return sum + at * strides[one];
    }, 0);
  });
  return placed(call, x, call.tensor(2), places);
}

function scatteredTuples(call: Call): Tensor {
  const x = call.tensor(0);
  const { starts, inner } = placesOfTuples(call, x.shape, 0);
  const places = starts.flatMap((start) => Array.from({ length: inner }, (_, i) => start + i));
  return placed(call, x, call.tensor(2), places);
}

function oneHotRows(call: Call): Result {
  const depth = call.scalar(1) ?? 0;
  const [off, on] = [...call.known(2)];
  const indices = call.value(0);
  const axis = normalizeAxis(call.number("axis", -1), indices.shape.length + 1, "axis");
  requireFew("OneHot", [...indices.shape, depth]);
  const numbers = indices.known
    ? constantTensor({ shape: indices.shape, data: Float32Array.from(indices.known) })
    : toFloat(call.tensor(0));
  const fromStart = where(less(numbers, 0), add(numbers, depth), numbers);
  const shape = [...indices.shape.slice(0, axis), 1, ...indices.shape.slice(axis)];
  const classes = constantTensor({
    shape: shape.map((_, i) => (i === axis ? depth : 1)),
    data: Float32Array.from({ length: depth }, (_, i) => i),
  });
  const tensor = where(equal(reshape(fromStart, shape), classes), on, off);
  return { type: call.value(2).type, shape: tensor.shape, tensor };
}

function range(call: Call): Result {
  const [start, limit, step] = [call.scalar(0) ?? 0, call.scalar(1) ?? 0, call.scalar(2) ?? 1];
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (!Number.isFinite(count)) call.refuse("a range of no length");
  requireFew("Range", [count]);
  return knownValue(
    Float64Array.from({ length: count }, (_, i) => start + i * step),
    [count],
    call.type,
  );
}

function constantOfShape(call: Call): Result {
  const shape = call.list(0) ?? [];
  requireFew("ConstantOfShape", shape);
  const type = call.text("type", "float32") as ElementType;
  return knownValue(new Float64Array(sizeOf(shape)).fill(call.number("value", 0)), shape, type);
}

function identityMatrix(call: Call): Result {
  const { shape, type } = call.value(0);
  requireFew("EyeLike", shape);
  const shift = call.number("k", 0);
  const numbers = Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
    (i % shape[1]) - Math.floor(i / shape[1]) === shift ? 1 : 0,
  );
  return knownValue(numbers, shape, call.text("dtype", type) as ElementType);
}

/** Coordinates of what is not 0, of numbers known while tracing. */
function nonZero(call: Call): Result {
  const { shape } = call.value(0);
  const strides = stridesOf(shape);
  const places = [...call.known(0)].flatMap((number, i) => (number === 0 ? [] : [i]));
  const rows = shape.flatMap((length, axis) =>
    places.map((place) => Math.floor(place / strides[axis]) % length),
  );
  return knownValue(rows, [shape.length, places.length], "int64");
}

function compressed(call: Call): Tensor {
  const x = call.tensor(0);
  const kept = [...call.known(1)].flatMap((isKept, i) => (isKept ? [i] : []));
  if (call.attributes.axis === undefined) return pickFlat(x, kept);
  return gather(x, kept, call.axis());
}

/** Each column's beginning, of a known length, the other way round. */
function reversedSequences(call: Call): Tensor {
  const x = call.tensor(0);
  const [time, batch] = [call.number("time_axis", 0), call.number("batch_axis", 1)];
  const lengths = call.list(1) ?? [];
  requireFew("ReverseSequence", x.shape);
  const strides = stridesOf(x.shape);
  const places = Array.from({ length: sizeOf(x.shape) }, (_, i) => {
    const at = Math.floor(i / strides[time]) % x.shape[time];
    const length = lengths[Math.floor(i / strides[batch]) % x.shape[batch]];
    return at < length ? i + (length - 1 - 2 * at) * strides[time] : i;
  });
  return reshape(pickFlat(x, places), x.shape);
}

/** a0 - a1·cos(2πi / n) + a2·cos(4πi / n). */
const windowOf =
  (a0: number, a1: number, a2 = 0): OperationFunction =>
  (call) => {
    const size = call.scalar(0) ?? 0;
    requireFew("a window", [size]);
    const period = call.flag("periodic", true) ? size : size - 1;
    const numbers = Float64Array.from({ length: size }, (_, i) => {
      const angle = (2 * Math.PI * i) / period;
      return a0 - a1 * Math.cos(angle) + a2 * Math.cos(2 * angle);
    });
    return [knownValue(numbers.map(Math.fround), [size], "float32")];
  };

/** Operations with indices and known numbers, by ONNX's names. */
export const PICKING = {
  BlackmanWindow: windowOf(0.42, 0.5, 0.08),
  Compress: (call) => [compressed(call)],
  ConstantOfShape: (call) => [constantOfShape(call)],
  EyeLike: (call) => [identityMatrix(call)],
  Gather: (call) => [gathered(call)],
  GatherElements: (call) => [gatheredElements(call)],
  GatherND: (call) => [gatheredTuples(call)],
  HammingWindow: windowOf(25 / 46, 21 / 46),
  HannWindow: windowOf(0.5, 0.5),
  NonZero: (call) => [nonZero(call)],
  OneHot: (call) => [oneHotRows(call)],
  Range: (call) => [range(call)],
  ReverseSequence: (call) => [reversedSequences(call)],
  ScatterElements: (call) => [scatteredElements(call)],
  ScatterND: (call) => [scatteredTuples(call)],
} satisfies Record<string, OperationFunction>;
