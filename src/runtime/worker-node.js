/** @file A worker thread in Node.js. `worker.js` is the same for browsers. */
import { parentPort } from "node:worker_threads";
import { messageReceiver } from "./commands.js";
import { nativeRunner } from "./native/runner.js";
import { wasmRunner } from "./thread.js";

const receive = messageReceiver((code, memory) =>
  code.kind === "native" ? nativeRunner(code, memory) : wasmRunner(code, memory),
);
parentPort?.on("message", receive);
