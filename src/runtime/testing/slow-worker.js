/** @file A worker that takes a while to make a program ready, and says in a word when it begins and when it has done so. */
import { parentPort, workerData } from "node:worker_threads";
import { messageReceiver } from "../commands.js";

/** @type {{ state: Int32Array, loading: number, loaded: number }} */
const { state, loading, loaded } = workerData;
const pause = new Int32Array(new SharedArrayBuffer(4));

parentPort?.on(
  "message",
  messageReceiver(
    () => {
      Atomics.store(state, 0, loading);
      Atomics.wait(pause, 0, 0, 500);
      Atomics.store(state, 0, loaded);
      return () => () => undefined;
    },
    () => undefined,
  ),
);
