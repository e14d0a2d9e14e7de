import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { NetworkLayer } from "../layer.ts";
import type { Network } from "../network.ts";
import { networkFromConfig } from "../network-from-config.ts";
import { freezeConvolutionalPart } from "./freeze-layers.ts";
import { transferWeights } from "./transfer-weights.ts";

export interface ReplaceHeadOptions {
  /** Outputs of the new last layer. */
  readonly classes: number;
  /** The seed of the new layer's weights and of the training. Default: the network's own. */
  readonly seed?: number;
  /** Whether to freeze the convolutional part, so that only the layers behind it learn. Default false. */
  readonly freeze?: boolean;
}

const OPTIONS: OptionNames<ReplaceHeadOptions> = { classes: true, seed: true, freeze: true };

/**
 * The same network for other classes: its last layer is made anew, linear and with a bias, with fresh weights also where the
 * number of classes stays; all other weights are copied. The given network is left as it is.
 *
 * @example const model = new Model(replaceHead(trained.network, { classes: 5, freeze: true }));
 * @throws AuricleError "argument" unless the last layer is dense
 */
export function replaceHead(network: Network, options: ReplaceHeadOptions): Network {
  checkOptions("replaceHead", options, OPTIONS, "network, ");
  const { classes, seed = network.seed, freeze = false } = options;
  const { name } = headOf(network);
  const { config } = network;
  const layers = config.layers.map((stored) =>
    stored.config.name === name
      ? {
          ...stored,
          config: { ...stored.config, units: classes, activation: "linear", useBias: true, trainable: true },
        }
      : stored,
  );
  const replaced = networkFromConfig({ ...config, seed, layers });
  transferWeights(network, replaced, (path) => path.startsWith(`${name}/`));
  if (freeze) freezeConvolutionalPart(replaced);
  return replaced;
}

/**
 * Returns the last layer, which may be replaced by one for other classes.
 * @throws AuricleError "argument" unless it is dense
 */
export function headOf({ name: network, outputLayer }: Network): NetworkLayer {
  const { name, layer } = outputLayer;
  if (layer.className === "Dense") return outputLayer;
  throw new AuricleError(
    "argument",
    `network ${network}: the last layer must be dense for its head to be replaced; got ${name} (${layer.className})`,
  );
}
