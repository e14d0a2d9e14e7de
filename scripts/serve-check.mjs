/**
 * @file Sends `auricle serve` good, corrupt, truncated, slow, oversized and malicious requests at once, compares each good answer with that of
 * `auricle predict`, kills and restarts the server meanwhile, and states times and memory.
 *
 *     node scripts/serve-check.mjs                                # 8 clients, 20 s
 *     node scripts/serve-check.mjs --clients 64 --seconds 300
 */

import { parseArgs } from "node:util";
import { runScript, setup } from "./setup.mjs";

const { values } = parseArgs({
  options: { clients: { type: "string", default: "8" }, seconds: { type: "string", default: "20" } },
});

await runScript(async () => {
  setup();
  // Built only now.
  const { runCheck } = await import("./serve-check/run.mjs");
  const failures = await runCheck({ clients: Number(values.clients), seconds: Number(values.seconds) });
  return failures === 0 ? 0 : 1;
});
