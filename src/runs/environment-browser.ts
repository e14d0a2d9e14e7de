/** @file The browser. `environment-node.ts` is the same for Node.js. */

import type { Environment } from "./environment.ts";

export const environment: Environment = {
  versions: { browser: navigator.userAgent },
  runtime: { name: "browser", value: navigator.userAgent },
  platform: navigator.platform,
};
