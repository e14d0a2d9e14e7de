/** @file The maps of a layer as figures draw them, with what is known of each: one pass over the numbers, since there are millions. */
import { timeFirst, type TurnedMap } from "./time-first.ts";

export interface MapStack extends TurnedMap {
  /** The greatest size of a value, by channel. */
  readonly most: Float64Array;
  /** Channels, the strongest first. */
  readonly order: readonly number[];
  readonly scale: "signed" | "unsigned";
  /** The range of all values, for one scale of colours; with 0. */
  readonly range: readonly [low: number, high: number];
}

/**
 * @param values [positions…, channels]
 * @param isSound time to the right, the second axis upwards
 */
export function mapStack(values: Float32Array, shape: readonly number[], isSound: boolean): MapStack {
  const positions = shape.slice(0, -1);
  const channels = shape[shape.length - 1];
  const [rows, columns] = positions.length === 2 ? positions : [1, positions[0]];
  const turned = isSound ? timeFirst(values, shape) : { values, rows, columns, channels };
  const most = new Float64Array(channels);
  let [low, high] = [0, 0];
  for (let at = 0; at < values.length; at += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const value = values[at + channel];
      if (value < low) low = value;
      else if (value > high) high = value;
      const size = value < 0 ? -value : value;
      if (size > most[channel]) most[channel] = size;
    }
  }
  const order = Array.from(most.keys()).sort((a, b) => most[b] - most[a]);
  const limit = Math.max(-low, high) || 1;
  return {
    ...turned,
    most,
    order,
    scale: low < 0 ? "signed" : "unsigned",
    range: low < 0 ? [-limit, limit] : [0, limit],
  };
}
