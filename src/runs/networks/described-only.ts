/** @file The network of a file as a run keeps it: its description alone. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { networkFromConfig, type Network } from "../../nn/index.ts";
import type { NetworkConfig } from "../../nn/network-plan.ts";

/**
 * The description of a network, which is all that a run keeps of it before its first epoch.
 * @throws AuricleError "argument" where the initial weights are not those of the description
 */
export function describedOnly(file: string, network: Network): NetworkConfig {
  const again = networkFromConfig(network.config).getWeights();
  for (const [path, { data }] of network.getWeights()) {
    const same = again.get(path)?.data.every((value, i) => Object.is(value, data[i]));
    if (same) continue;
    throw new AuricleError(
      "argument",
      `${file}: the network's weight ${path} is not as its initializer makes it with the network's seed; a run keeps a network ` +
        "as its description: give an initializer, and the seed that the function is given",
    );
  }
  return network.config;
}
