/** @file Every layer of the registry through the one check. */
import { describe, expect, it } from "vitest";
import { checkLayer } from "../../testing/check-layer.ts";
import { LAYER_CASES } from "../testing/layer-cases.ts";
import { LAYER_CLASS_NAMES } from "./index.ts";

for (const className of LAYER_CLASS_NAMES) {
  describe(className, () => {
    LAYER_CASES[className].forEach(({ make, input, ...expected }, i) => {
      it(`passes the check of all layers, case ${i + 1}`, () => {
        expect(make().className).toBe(className);
        checkLayer(make, { inputShapes: input, ...expected });
      });
    });
  });
}
