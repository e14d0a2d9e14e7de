/** @file The data that a test of a layer needs, and inputs that many share. */
import type { LayerExpectation } from "../../testing/check-layer.ts";
import type { Layer } from "../layer.ts";

/** A layer with options of every kind, and its expected results. */
export interface LayerCase extends Omit<LayerExpectation, "inputShapes"> {
  readonly make: () => Layer;
  readonly input: LayerExpectation["inputShapes"];
}

export const shared = { parameters: 0 };
export const image = [[6, 5, 4]];
export const wave = [[12, 3]];
