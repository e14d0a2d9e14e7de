import { sizeOf, type Shape } from "../../tensor/shape.ts";

/** How many inputs and outputs a weight connects, which sets the spread of its first values. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * Fans by Keras' rule (`compute_fans`), which knows the shape and not the layer:
 *
 * | weight | shape | fanIn | fanOut |
 * |---|---|---|---|
 * | scalar | `[]` | 1 | 1 |
 * | bias | `[n]` | n | n |
 * | dense | `[in, out]` | in | out |
 * | convolution | `[...window, in, out]` | window · in | window · out |
 * | depthwise convolution | `[kh, kw, in, multiplier]` | kh · kw · in | kh · kw · multiplier |
 * | transposed convolution | `[kh, kw, out, in]` | kh · kw · out | kh · kw · in |
 *
 * So, as in Keras, a depthwise filter's fanIn counts all channels although each output reads one, and a
 * transposed convolution's fans are those of the convolution that it is the gradient of.
 */
export function computeFans(shape: Shape): Fans {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0], fanOut: shape[0] };
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: window * shape[shape.length - 2], fanOut: window * shape[shape.length - 1] };
}
