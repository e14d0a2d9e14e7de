/** @file The places in some files to which a channel of a layer answers most strongly. Browser-safe. */

import { activationsOf } from "../../explain/activations.ts";
import type { FieldSpan } from "../../explain/index.ts";
import { nodeNamed } from "../../explain/layer-choice.ts";
import { AuricleError } from "../../errors.ts";
import { receptiveFields, type AxisField } from "../../nn/receptive-field.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { TrainedModel } from "../trained-model.ts";
import { placeInRecording, type RecordingPlace } from "./field-place.ts";
import {
  inputsOfParts,
  type ExampleInputs,
  type FileExample,
  type FilePart,
  type PartsOptions,
} from "./file-parts.ts";

/** Which places are looked for. */
export interface StrongestOptions {
  /** The layer, by its name as `activations` takes it. */
  readonly layer: string;
  /** Along the layer's last axis, from 0. */
  readonly channel: number;
  /** Places at most. Default 12. */
  readonly count?: number;
  /** Places of one example at most; they do not lie on each other. Default 3. */
  readonly each?: number;
}

const OPTIONS: OptionNames<StrongestOptions> = { layer: true, channel: true, count: true, each: true };

/** A place of an example, and what the channel gives there. */
export interface StrongPlace extends FileExample {
  readonly value: number;
  /** The unit's place along each axis of the layer's positions. */
  readonly position: readonly number[];
  /** Where the window that holds it begins in the file, in seconds; absent for pictures. */
  readonly window?: number;
  /** The part of the input that the unit depends on, in samples along each axis; of the window or the picture. */
  readonly field: readonly FieldSpan[];
  /** The same in the recording, in seconds of the file and in Hz; absent for pictures. */
  readonly place?: RecordingPlace;
  /** The input there: `[steps, bins, channels]`, `[samples, 1]` or `[rows, columns, channels]`. */
  readonly cut: FloatArray;
}

/**
 * Goes through all examples and finds where a channel is strongest, the greatest value first. Of two places that overlap by more than half
 * in one example, the stronger one is told.
 * @throws AuricleError "argument" for a layer or channel that there is not, or counts that are no whole numbers above 0
 */
export async function strongestPlaces(
  trained: TrainedModel,
  parts: readonly FilePart[],
  options: StrongestOptions,
  reading: PartsOptions,
): Promise<readonly StrongPlace[]> {
  checkOptions("strongestPlaces", options, OPTIONS, "model, parts, ");
  const { count = 12, each = 3 } = options;
  const channel = channelOf(trained, options);
  for (const [name, value] of Object.entries({ count, each })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new AuricleError(
      "argument",
      `strongestPlaces: ${name} must be a whole number above 0; got ${value}`,
    );
  }
  let found: StrongPlace[] = [];
  let current: { readonly key: string; places: StrongPlace[] } = { key: "", places: [] };
  const strongestFirst = (places: StrongPlace[]) => places.sort((a, b) => b.value - a.value);
  const keep = () => {
    found = strongestFirst([...found, ...strongestFirst(current.places).slice(0, each)]).slice(0, count);
  };
  for await (const inputs of inputsOfParts(trained, parts, reading)) {
    const key = JSON.stringify(inputs.example);
    if (key !== current.key) {
      keep();
      current = { key, places: [] };
    }
    current.places.push(...(await placesIn(trained, channel, inputs, each, reading.signal)));
  }
  keep();
  return found;
}

/** A channel of a layer, and how its units lie over the input. */
interface Channel {
  readonly node: number;
  readonly channel: number;
  readonly shape: readonly number[];
  /** Along each axis of the layer's positions; undefined where a unit depends on all of the input. */
  readonly axes: readonly AxisField[] | undefined;
}

function channelOf({ model: { network } }: TrainedModel, { layer, channel }: StrongestOptions): Channel {
  const node = nodeNamed(network, layer);
  const shape = network.nodes[node].outputShape;
  const channels = shape[shape.length - 1];
  if (!Number.isInteger(channel) || channel < 0 || channel >= channels) {
    throw new AuricleError(
      "argument",
      `${network.name}: layer ${layer} has the channels 0 … ${channels - 1}; got ${channel}`,
    );
  }
  const field = receptiveFields(network)[network.inputs.length + node];
  return { node, channel, shape, axes: field?.length === shape.length - 1 ? field : undefined };
}

/** A unit with where it looks: in its input, and in the whole piece or picture. */
interface Unit {
  readonly value: number;
  /** The number of the window. */
  readonly input: number;
  readonly position: readonly number[];
  readonly field: readonly FieldSpan[];
  readonly spans: readonly FieldSpan[];
}

async function placesIn(
  { model }: TrainedModel,
  { node, channel, shape, axes }: Channel,
  inputs: ExampleInputs,
  each: number,
  signal: AbortSignal | undefined,
): Promise<StrongPlace[]> {
  const { x, piece } = inputs;
  const [{ data }] = await activationsOf(model, [x], [node], signal ? { signal } : {});
  const channels = shape[shape.length - 1];
  const positions = shape.slice(0, -1);
  const count = sizeOf(positions);
  const values = new Float32Array(data.length / channels);
  for (let i = 0; i < values.length; i++) values[i] = data[i * channels + channel];
  const unitAt = (at: number): Unit => {
    const input = Math.floor(at / count);
    const position = indicesOf(at % count, positions);
    const field = fieldOf(position, axes, x.shape.slice(1, -1));
    const shift = piece?.heard.cut.starts[input] ?? 0;
    const [{ start, end }, ...others] = field;
    return {
      value: values[at],
      input,
      position,
      field,
      spans: [{ start: start + shift, end: end + shift }, ...others],
    };
  };
  return separate(values, unitAt, each).map((unit) => placeOf(unit, inputs));
}

/** The units with the greatest values that lie apart; of equal ones the first. */
function separate(values: Float32Array, unitAt: (at: number) => Unit, most: number): readonly Unit[] {
  const kept: Unit[] = [];
  while (kept.length < most) {
    let best: Unit | undefined;
    for (let at = 0; at < values.length; at++) {
      if (best && !(values[at] > best.value)) continue;
      const unit = unitAt(at);
      if (!kept.some(({ spans }) => doOverlap(spans, unit.spans))) best = unit;
    }
    if (!best) break;
    kept.push(best);
  }
  return kept;
}

/** Whether the middles of two fields are closer than half of their size along every axis. */
function doOverlap(one: readonly FieldSpan[], other: readonly FieldSpan[]): boolean {
  return one.every(({ start, end }, axis) => {
    const { start: from, end: to } = other[axis];
    return Math.abs(start + end - from - to) < Math.max(end - start, to - from);
  });
}

/** The indices along each axis of an element, row-major. */
function indicesOf(at: number, axes: readonly number[]): number[] {
  const indices = new Array<number>(axes.length);
  let rest = at;
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    indices[axis] = rest % axes[axis];
    rest = Math.floor(rest / axes[axis]);
  }
  return indices;
}

/** The part of the input that a unit depends on, cut to the input's ends; all of it where windows do not describe it. */
function fieldOf(
  position: readonly number[],
  axes: readonly AxisField[] | undefined,
  lengths: readonly number[],
): readonly FieldSpan[] {
  if (!axes) return lengths.map((end) => ({ start: 0, end }));
  return axes.map(({ start, size, step }, axis) => {
    const first = start + position[axis] * step;
    const from = Math.min(lengths[axis] - 1, Math.max(0, Math.floor(first)));
    return { start: from, end: Math.max(from + 1, Math.min(lengths[axis], Math.ceil(first + size))) };
  });
}

function placeOf(
  { value, input, position, field, spans }: Unit,
  { example, x, piece }: ExampleInputs,
): StrongPlace {
  const found = { ...example, value, position, field, cut: cutOf(x, input, field) };
  if (!piece) return found;
  const { heard, offset } = piece;
  const { front, cut } = heard;
  const { from, to, ...band } = placeInRecording(front, spans, cut.samples.length / front.sampleRate);
  return {
    ...found,
    window: offset + (cut.starts[input] * front.hopLength) / front.sampleRate,
    place: { from: offset + from, to: offset + to, ...band },
  };
}

/** A part of one of some inputs, with all its channels. */
function cutOf({ shape, data }: FloatArray, input: number, field: readonly FieldSpan[]): FloatArray {
  const axes = shape.slice(1, -1);
  const channels = shape[shape.length - 1];
  const lengths = field.map(({ start, end }) => end - start);
  const cut = new Float32Array(sizeOf(lengths) * channels);
  for (let at = 0; at < cut.length / channels; at++) {
    const from = indicesOf(at, lengths).reduce(
      (sum, index, axis) => sum * axes[axis] + field[axis].start + index,
      input,
    );
    cut.set(data.subarray(from * channels, (from + 1) * channels), at * channels);
  }
  return { shape: [...lengths, channels], data: cut };
}
