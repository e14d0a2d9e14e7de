/** @file Giving the event loop its turns while batches run one after the other on its thread. */

import { nextTurn } from "../../io/next-turn.ts";

/** Longest time without a turn: short enough for timers, progress and Ctrl-C, long against what a turn costs. */
const MILLISECONDS_BETWEEN_TURNS = 50;

/** The time of the last turn of this thread, whichever computation took it: many short ones in a row are as long as a long one. */
let last = -Infinity;

/** Gives the event loop a turn if one is due; to be called after each batch. @returns a promise to await then, else undefined */
export function takeTurn(): Promise<void> | undefined {
  if (performance.now() - last < MILLISECONDS_BETWEEN_TURNS) return undefined;
  return nextTurn().then(() => {
    last = performance.now();
  });
}
