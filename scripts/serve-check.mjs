/**
 * @file Sends `auricle serve` good, corrupt, truncated, slow, oversized and malicious requests at once, compares each good answer with that of
 * `auricle predict`, kills and restarts the server meanwhile, and states times and memory ("load"); sends it what would wear it out ("hostile"); and
 * runs what docs/serving.md shows ("documented", on port 8080).
 *
 *     node scripts/serve-check.mjs                                # 8 clients, 20 s
 *     node scripts/serve-check.mjs --clients 64 --seconds 300
 *     node scripts/serve-check.mjs --parts hostile --tiny 1000000
 */

import { parseArgs } from "node:util";
import { runScript, setup } from "./setup.mjs";

const PARTS = ["documented", "hostile", "load"];

const { values } = parseArgs({
  options: {
    clients: { type: "string", default: "8" },
    seconds: { type: "string", default: "20" },
    parts: { type: "string", default: PARTS.join(",") },
    tiny: { type: "string", default: "5000" },
  },
});

await runScript(async () => {
  const parts = values.parts.split(",");
  const unknown = parts.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) throw new Error(`--parts: no ${unknown.join(", ")}; there are ${PARTS.join(", ")}`);
  setup();
  // Built only now.
  const { runCheck } = await import("./serve-check/run.mjs");
  const [clients, seconds, tiny] = [values.clients, values.seconds, values.tiny].map(Number);
  return (await runCheck({ parts, clients, seconds, tiny })) === 0 ? 0 : 1;
});
