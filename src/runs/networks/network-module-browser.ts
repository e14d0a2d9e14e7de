/** @file Networks as JavaScript modules, which a browser does not run. `network-module-node.ts` is for Node.js. */

import { AuricleError } from "../../errors.ts";
import type { NetworkDefinition } from "../../nn/index.ts";

/** @throws AuricleError "unsupported": a page that has the module can call it, and give the network's description. */
export function loadNetworkModule(file: string): Promise<NetworkDefinition> {
  return Promise.reject(
    new AuricleError(
      "unsupported",
      `${file}: a browser opens networks as JSON files; "auricle models" and models' configs are written so`,
    ),
  );
}
