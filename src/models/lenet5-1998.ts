/**
 * @file LeNet-5 as it was published: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to
 * document recognition", Proc. IEEE 86(11), 1998, section II-B.
 */
import { AuricleError } from "../errors.ts";
import {
  conv2d,
  dense,
  flatten,
  partialConv2d,
  radialBasis,
  rescaling,
  subsampling2d,
  zeroPadding2d,
} from "../nn/layers/index.ts";
import { randomUniform } from "../nn/initializers/index.ts";
import type { Layer } from "../nn/layer.ts";
import { sequentialNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions } from "../options.ts";
import { sameShape } from "../tensor/shape.ts";
import { DIGIT_BITMAPS } from "./digit-bitmaps.ts";
import { MODEL_OPTIONS, type ModelOptions } from "./options.ts";
import { shownValue } from "../shown-value.ts";

/** Table I: for each of C3's 16 maps the maps of S2 that it sees. Triples, quadruples, gapped quadruples, all six. */
export const C3_CONNECTIONS: readonly (readonly number[])[] = [
  [0, 1, 2],
  [1, 2, 3],
  [2, 3, 4],
  [3, 4, 5],
  [0, 4, 5],
  [0, 1, 5],
  [0, 1, 2, 3],
  [1, 2, 3, 4],
  [2, 3, 4, 5],
  [0, 3, 4, 5],
  [0, 1, 4, 5],
  [0, 1, 2, 5],
  [0, 1, 3, 4],
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5],
];

const ACTIVATION = "scaledTanh";

/** Appendix A: uniform on ± 2.4 / fan-in of the unit. */
function within(fanIn: number) {
  return randomUniform({ minval: -2.4 / fanIn, maxval: 2.4 / fanIn });
}

/**
 * The network of 1998: trained subsampling, a partly connected third layer, squashing by 1.7159·tanh(2x/3), and
 * distances from drawn digits. 60,000 trainable parameters, 340,908 connections.
 *
 * It takes images of digits, 28×28×1 or 32×32×1, with 0 for the background and 1 for ink; it pads the former to 32×32 and
 * maps 0 and 1 to -0.1 and 1.175 as the paper does. **Its outputs are minus the squared distances**, so the largest is
 * the answer, and `radialBasisLoss` is the paper's loss.
 * @throws AuricleError "argument" for other inputs or for a number of classes other than 10
 */
export function lenet5Of1998(options: ModelOptions = {}): Network {
  checkOptions("lenet5Of1998", options, MODEL_OPTIONS);
  const { inputShape = [28, 28, 1], classes = 10, seed } = options;
  const small = sameShape(inputShape, [28, 28, 1]);
  if ((!small && !sameShape(inputShape, [32, 32, 1])) || classes !== 10) {
    throw new AuricleError(
      "argument",
      `lenet5-1998: input must be [28,28,1] or [32,32,1] with 10 classes, for which there are drawn targets; got ${shownValue(inputShape)} with ${classes}; use lenet5`,
    );
  }
  const rescale = { scale: 1.275, offset: -0.1 };
  const first: Layer[] = small
    ? [zeroPadding2d({ padding: 2, inputShape, name: "pad" }), rescaling({ ...rescale, name: "scale" })]
    : [rescaling({ ...rescale, inputShape, name: "scale" })];
  return sequentialNetwork(
    [
      ...first,
      convolution("c1", 6, 25),
      subsampling("s2"),
      partialConv2d({
        name: "c3",
        connections: C3_CONNECTIONS,
        kernelSize: 5,
        activation: ACTIVATION,
        kernelInitializer: "lecun1998",
        // The narrowest of its units' bounds: their fans are 75, 100 and 150.
        biasInitializer: within(150),
      }),
      subsampling("s4"),
      convolution("c5", 120, 400),
      flatten({ name: "flatten" }),
      dense({
        name: "f6",
        units: 84,
        activation: ACTIVATION,
        kernelInitializer: "lecun1998",
        biasInitializer: within(120),
      }),
      radialBasis({ name: "output", centers: DIGIT_BITMAPS }),
    ],
    { name: "lenet5-1998", seed },
  );
}

function convolution(name: string, filters: number, fanIn: number): Layer {
  return conv2d({
    name,
    filters,
    kernelSize: 5,
    activation: ACTIVATION,
    kernelInitializer: "lecun1998",
    biasInitializer: within(fanIn),
  });
}

/** Each unit adds up four inputs. */
function subsampling(name: string): Layer {
  return subsampling2d({
    name,
    poolSize: 2,
    activation: ACTIVATION,
    coefficientInitializer: within(4),
    biasInitializer: within(4),
  });
}
