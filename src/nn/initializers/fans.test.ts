import { describe, expect, it } from "vitest";
import { computeFans } from "./fans.ts";

describe("computeFans", () => {
  it.each([
    { weight: "scalar", shape: [], fanIn: 1, fanOut: 1 },
    { weight: "bias", shape: [7], fanIn: 7, fanOut: 7 },
    { weight: "dense", shape: [84, 10], fanIn: 84, fanOut: 10 },
    // 5·5·1 = 25 and 5·5·6 = 150.
    { weight: "LeNet-5's C1", shape: [5, 5, 1, 6], fanIn: 25, fanOut: 150 },
    // 5·5·6 = 150 and 5·5·16 = 400.
    { weight: "LeNet-5's C3", shape: [5, 5, 6, 16], fanIn: 150, fanOut: 400 },
    // 80·1 = 80 and 80·128 = 10,240.
    { weight: "1-D convolution on a waveform", shape: [80, 1, 128], fanIn: 80, fanOut: 10240 },
    // Keras 3.15.1, compute_fans(layer.kernel.shape) of DepthwiseConv2D(3, depth_multiplier=2) on 4 channels.
    { weight: "depthwise", shape: [3, 3, 4, 2], fanIn: 36, fanOut: 18 },
    // Keras 3.15.1, the same of Conv2DTranspose(6, 3) on 4 channels.
    { weight: "transposed", shape: [3, 3, 6, 4], fanIn: 54, fanOut: 36 },
  ])("$weight $shape: in $fanIn, out $fanOut", ({ shape, fanIn, fanOut }) => {
    expect(computeFans(shape)).toEqual({ fanIn, fanOut });
  });
});
