/** @file Giving the event loop its turns while batches run one after the other on its thread. */

/** Longest time without a turn: short enough for timers, progress and Ctrl-C, long against what a turn costs. */
const MILLISECONDS_BETWEEN_TURNS = 50;

/** Lets everything that waits in the event loop run. Unlike a timer's, its delay is not rounded up to milliseconds. */
function nextTurn(): Promise<void> {
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

/** Makes a function to call after each batch: it returns a promise to await when a turn is due, else undefined. */
export function turnTaker(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < MILLISECONDS_BETWEEN_TURNS) return undefined;
    return nextTurn().then(() => {
      last = performance.now();
    });
  };
}
