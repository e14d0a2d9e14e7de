import { describe, expect, it } from "vitest";
import { loadLayer, loadLayerClass } from "./loaders.ts";
import { LAYER_CLASS_NAMES, layerClass, layerFromConfig } from "./registry.ts";

describe("layers that are loaded when a stored network has them", () => {
  it.each(LAYER_CLASS_NAMES)("%s is the layer of that name", async (className) => {
    expect(await loadLayerClass(className)).toBe(layerClass(className));
  });

  it("refuses an unknown class in the words of the table of all layers", async () => {
    const stored = { className: "Dens", config: {} };
    const wanted = expect.objectContaining({
      code: "argument",
      message: expect.stringMatching(/^layer: className must be one of Activation, .*; got "Dens"$/),
    });
    await expect(loadLayer(stored)).rejects.toEqual(wanted);
    expect(() => layerFromConfig(stored)).toThrow(wanted);
  });
});
