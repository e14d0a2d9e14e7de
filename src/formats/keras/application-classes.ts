/** @file Classes that networks of keras.applications have of their own. Browser-safe. */
import { plain, steps, type Mapping } from "./mapped-layer.ts";

/** A factor for each channel, of ConvNeXt. */
export const layerScale: Mapping = (read) =>
  plain(
    "Operations",
    {
      operands: [{ shape: [read.count("projection_dim")], trainable: true }],
      steps: [{ operation: "Mul", attributes: {}, inputs: [0, 1] }],
    },
    [{ name: "operand_0", theirs: ["gamma"] }],
  );

/** The first of two inputs and a multiple of the second, of Inception-ResNet. */
export const customScaleLayer: Mapping = (read) =>
  steps(
    2,
    [read.number("scale")],
    { operation: "Mul", inputs: [1, 2] },
    { operation: "Add", inputs: [0, 3] },
  );
