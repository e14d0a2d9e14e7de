/** @file The sum behind one unit of a convolution or a dense layer: what each input channel contributes. */
import type { LayerFacts, ModelInspection } from "auricle/session";

/** Numbers with a shape; the batch axis is left out. */
interface Values {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

export interface UnitSum {
  /** By input channel, or by input of a dense layer. */
  readonly contributions: readonly number[];
  readonly bias: number;
  /** Before the activation. */
  readonly total: number;
}

/** Sums that can be opened: convolutions in one and two dimensions without groups, and dense layers. */
export function canOpen({ className, config }: LayerFacts): boolean {
  if (className === "Dense") return true;
  return (className === "Conv1D" || className === "Conv2D") && (config["groups"] ?? 1) === 1;
}

/**
 * Whether a layer's filters lie on the samples themselves, so that they have a sound: a unit then sees no more than its window.
 * @param kernel the shape of its kernel, [window, channels, filters]
 */
export function seesWaveform(
  { frontEnd }: Pick<ModelInspection, "frontEnd">,
  { className, config, field }: Pick<LayerFacts, "className" | "config" | "field">,
  [window, channels]: readonly number[],
): boolean {
  if (frontEnd?.kind !== "waveform" || className !== "Conv1D" || channels !== 1 || !field) return false;
  const [dilation] = perAxis(config["dilationRate"], 1);
  const samples = (field[0].size * frontEnd.sampleRate) / 1000;
  return Math.round(samples) === (window - 1) * dilation + 1;
}

/**
 * @param input the layer's input, [positions…, channels]
 * @param kernel [window…, channels, units]
 * @param unit the unit's position, and its channel
 */
export function unitSum(
  { className, config }: LayerFacts,
  input: Values,
  kernel: Values,
  bias: Values | undefined,
  unit: { readonly position: readonly number[]; readonly channel: number },
): UnitSum {
  const added = bias ? bias.data[unit.channel] : 0;
  const contributions =
    className === "Dense"
      ? denseContributions(input, kernel, unit)
      : windowContributions(config, input, kernel, unit);
  return { contributions, bias: added, total: contributions.reduce((sum, value) => sum + value, added) };
}

function denseContributions(
  { shape, data }: Values,
  kernel: Values,
  { position, channel }: { readonly position: readonly number[]; readonly channel: number },
): number[] {
  const inputs = shape[shape.length - 1];
  const row = position.reduce((at, place, axis) => at * shape[axis] + place, 0);
  const units = kernel.shape[kernel.shape.length - 1];
  return Array.from({ length: inputs }, (_, i) => data[row * inputs + i] * kernel.data[i * units + channel]);
}

function windowContributions(
  config: Readonly<Record<string, unknown>>,
  { shape, data }: Values,
  kernel: Values,
  { position, channel }: { readonly position: readonly number[]; readonly channel: number },
): number[] {
  const lengths = shape.slice(0, -1);
  const channels = shape[shape.length - 1];
  const window = kernel.shape.slice(0, -2);
  const units = kernel.shape[kernel.shape.length - 1];
  const [strides, dilations] = [config["strides"], config["dilationRate"]].map((option) =>
    perAxis(option, lengths.length),
  );
  const starts = position.map(
    (place, axis) =>
      place * strides[axis] -
      padsBefore(config["padding"], lengths[axis], window[axis], strides[axis], dilations[axis]),
  );
  const sums = new Array<number>(channels).fill(0);
  const taps = window.reduce((product, length) => product * length, 1);
  for (let tap = 0; tap < taps; tap++) {
    let rest = tap;
    let at = 0;
    let scale = 1;
    let isInside = true;
    for (let axis = window.length - 1; axis >= 0; axis--) {
      const place = starts[axis] + (rest % window[axis]) * dilations[axis];
      rest = Math.floor(rest / window[axis]);
      isInside &&= place >= 0 && place < lengths[axis];
      at += place * scale;
      scale *= lengths[axis];
    }
    if (!isInside) continue;
    for (let c = 0; c < channels; c++) {
      sums[c] += data[at * channels + c] * kernel.data[(tap * channels + c) * units + channel];
    }
  }
  return sums;
}

function perAxis(option: unknown, axes: number): readonly number[] {
  if (Array.isArray(option)) return option as number[];
  return new Array<number>(axes).fill(typeof option === "number" ? option : 1);
}

function padsBefore(
  padding: unknown,
  length: number,
  window: number,
  stride: number,
  dilation: number,
): number {
  const reach = (window - 1) * dilation + 1;
  if (padding === "causal") return reach - 1;
  if (padding !== "same") return 0;
  const outputs = Math.ceil(length / stride);
  return Math.floor(Math.max(0, (outputs - 1) * stride + reach - length) / 2);
}
