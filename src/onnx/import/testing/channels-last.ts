/** @file Arrays in the order of axes that networks have here. */
import { floatArray, type FloatArray } from "../../../tensor/array.ts";
import { sizeOf } from "../../../tensor/shape.ts";

/** Channels, the second axis, at the end. */
export function channelsLast({ shape: [batch, channels, ...spatial], data }: FloatArray): FloatArray {
  const places = sizeOf(spatial);
  const moved = data.map((_, i) => {
    const example = Math.floor(i / (places * channels));
    return data[(example * channels + (i % channels)) * places + (Math.floor(i / channels) % places)];
  });
  return floatArray(moved, [batch, ...spatial, channels]);
}
