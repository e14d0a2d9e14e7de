/** @file A worker thread in Node.js. `worker.js` is the same for browsers. */
import { parentPort } from "node:worker_threads";
import { collectGarbage } from "./collect-garbage.js";
import { messageReceiver } from "./commands.js";
import { nativeRunner } from "./native/runner.js";
import { wasmRunner } from "./thread.js";

const receive = messageReceiver((code, memory) => {
  if (code.kind === "native" && typeof memory === "number") return nativeRunner(code, () => memory);
  if (code.kind === "wasm" && typeof memory === "object") return wasmRunner(code, memory);
  throw new TypeError(`no ${code.kind} code with its memory given by ${typeof memory}`);
}, collectGarbage);
parentPort?.on("message", receive);
