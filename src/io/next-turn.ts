/** @file Giving the event loop its turn in the midst of a long computation. Browser-safe. */

/** Lets everything that waits in the event loop run. Unlike a timer's, its delay is not rounded up to milliseconds. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
