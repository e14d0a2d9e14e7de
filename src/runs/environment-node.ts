/** @file Node.js and the machine. Node only; `environment-browser.ts` is the same for browsers. */

import { arch, platform, version, versions } from "node:process";
import type { Environment } from "./environment.ts";

export const environment: Environment = {
  versions: { node: versions.node, v8: versions.v8 },
  runtime: { name: "Node.js", value: version },
  platform: `${platform} ${arch}`,
};
