/** @file A worker thread in a browser. `worker-node.js` is the same for Node.js. */
import { messageReceiver } from "./commands.js";
import { provokeCollection } from "./provoke-collection.js";
import { wasmRunner } from "./thread.js";

const receive = messageReceiver((code, memory) => {
  if (code.kind === "wasm" && typeof memory === "object") return wasmRunner(code, memory);
  throw new TypeError(`no machine code of kind ${code.kind} in a browser`);
}, provokeCollection);
globalThis.onmessage = (/** @type {MessageEvent} */ event) => receive(event.data);
