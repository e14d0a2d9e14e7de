/** @file The loss of LeNet-5's output layer, on distances from fixed patterns. */
import type { Tensor } from "../../graph/tensor.ts";
import { multiply, negative } from "../../ops/arithmetic.ts";
import { concat } from "../../ops/concat.ts";
import { asTensor } from "../../ops/elementwise.ts";
import { logSoftmax } from "../../ops/softmax.ts";
import { broadcastTo, sum } from "../../ops/sum.ts";
import { classProbabilities } from "./loss.ts";

/**
 * E = y_D + ln(e^-j + Σ e^-y_i) for each example, y_i being the distances and D the right class: the maximum a posteriori
 * criterion of LeCun et al. 1998, eq. 9. It is the cross entropy of a softmax over -y and one more class, "rubbish", whose
 * logit is -j: a wrong class that is farther than j is hardly pushed any more.
 * @param targets int32 labels `[N]`, or probabilities of the classes `[N, classes]`
 * @param outputs `[N, classes]`, minus the distances, as the layer `radialBasis` gives them
 * @param j positive; the paper gives no number
 * @returns one loss for each example, `[N]`
 * @throws AuricleError "shape" when the targets do not fit the outputs.
 */
export function radialBasisLoss(targets: Tensor, outputs: Tensor, j = 0.1): Tensor {
  const [examples] = outputs.shape;
  const rubbish = broadcastTo(asTensor(-j), [examples, 1]);
  const nothing = broadcastTo(asTensor(0), [examples, 1]);
  const probabilities = concat([classProbabilities("radialBasisLoss", targets, outputs), nothing], -1);
  return negative(sum(multiply(probabilities, logSoftmax(concat([outputs, rubbish], -1))), -1));
}
