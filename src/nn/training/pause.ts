/** @file Giving the event loop its turns while batches run one after the other on its thread. */

import { nextTurn } from "../../io/next-turn.ts";

/** Longest time without a turn: short enough for timers, progress and Ctrl-C, long against what a turn costs. */
const MILLISECONDS_BETWEEN_TURNS = 50;

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
