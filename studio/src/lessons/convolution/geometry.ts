/** @file The shape of a convolution's output, its padding and its costs. */

export type PaddingName = "valid" | "same" | "same-pytorch";

export interface Geometry {
  readonly outputs: number;
  readonly before: number;
  readonly after: number;
  /** Values that the window covers, the gaps of a dilation included. */
  readonly reach: number;
}

/**
 * One axis of a convolution.
 *
 * - "valid": no padding; outputs = ⌊(size - reach) / stride⌋ + 1.
 * - "same": TensorFlow's; outputs = ⌈size / stride⌉, and as many zeros as that needs, the odd one after.
 * - "same-pytorch": ⌊reach / 2⌋ zeros on both sides, whatever the stride, as networks in PyTorch are written.
 *
 * @returns outputs below 1 where the window does not fit
 */
export function geometryOf(
  size: number,
  window: number,
  { stride, dilation, padding }: { stride: number; dilation: number; padding: PaddingName },
): Geometry {
  const reach = (window - 1) * dilation + 1;
  if (padding === "same") {
    const outputs = Math.ceil(size / stride);
    const pads = Math.max(0, (outputs - 1) * stride + reach - size);
    return { outputs, before: Math.floor(pads / 2), after: Math.ceil(pads / 2), reach };
  }
  const pads = padding === "valid" ? 0 : Math.floor(reach / 2);
  return { outputs: Math.floor((size + 2 * pads - reach) / stride) + 1, before: pads, after: pads, reach };
}
