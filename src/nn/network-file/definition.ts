/** @file A network of the user's own: what its file defines, and checks of what it builds. Browser-safe. */
import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import { AuricleError } from "../../errors.ts";
import type { Network } from "../network.ts";
import { formatShape, sameShape, type Shape } from "../../tensor/shape.ts";

/** The values that a network is built for. */
export interface BuildRequest {
  /** The shape of one example, batch axis left out. */
  readonly inputShape: Shape;
  /** Number of outputs: classes, tags, or the numbers of a regression. */
  readonly classes: number;
  /** The seed of the initial weights. */
  readonly seed: number;
}

/** A network as its file defines it. */
export interface NetworkDefinition {
  readonly name: string;
  /** One line; absent where the file has none. */
  readonly description?: string;
  /** The front end that audio passes through first; absent where the file leaves it open. */
  readonly frontEnd?: FrontEndOptions;
  /** The length of a training window of audio, in seconds; absent where the file leaves it open. */
  readonly windowSeconds?: number;
  /** The input shape that the file itself states; absent where it takes the data's. */
  readonly inputShape?: Shape;
  /** @throws AuricleError "argument" or "shape" naming the file and the layer. */
  build(request: BuildRequest): Network;
}

/**
 * Checks that a network is the one that was asked for.
 * @param file its path, which messages begin with
 * @throws AuricleError "shape" unless it has one input of the requested shape and one output for each class
 */
export function checkBuilt(file: string, network: Network, { inputShape, classes }: BuildRequest): Network {
  const { inputShapes, outputs } = network;
  if (inputShapes.length !== 1 || !sameShape(inputShapes[0], inputShape)) {
    throw new AuricleError(
      "shape",
      `${file}: the network must take one input of shape ${formatShape(inputShape)}, that of the data; it takes ` +
        `${inputShapes.map(formatShape).join(" and ")}; use the inputShape that it is given`,
    );
  }
  const [output] = outputs;
  if (outputs.length !== 1 || !sameShape(output.shape, [classes])) {
    throw new AuricleError(
      "shape",
      `${file}: the network must give one output of shape ${formatShape([classes])}, a number for each class; it gives ` +
        `${outputs.map(({ shape }) => formatShape(shape)).join(" and ")}; end it with flatten or global pooling and a ` +
        `dense layer of so many units as there are classes`,
    );
  }
  return network;
}
