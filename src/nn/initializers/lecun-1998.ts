import { checkOptions, type NoOptions } from "../../options.ts";
import { computeFans } from "./fans.ts";
import { elementwiseInitializer, type Initializer } from "./initializer.ts";
import { uniformFiller } from "./random.ts";

/**
 * Uniform on ± 2.4 / fanIn, as LeNet-5 began: LeCun et al. 1998, "Gradient-based learning applied to document
 * recognition", appendix A. Narrower than √(3 / fanIn) from a fanIn of 2 on; made for its scaled tanh.
 * On a bias `[n]` the fan is n, as everywhere here; the paper draws a bias with its unit's own fan.
 */
export function lecun1998(options: NoOptions = {}): Initializer {
  checkOptions("lecun1998", options, {});
  return elementwiseInitializer("lecun1998", {}, (shape, generator) => {
    const limit = 2.4 / Math.max(1, computeFans(shape).fanIn);
    return uniformFiller(-limit, limit, generator);
  });
}
