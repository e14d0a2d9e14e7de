/** @file The first view's network: trained once for as long as the page is open, for the first view and for those who look into it. */
import { proxy, wrap, type Remote } from "comlink";
import type { Listener } from "./listener.worker.ts";

export interface TrainingState {
  /** The part of the training that is done, 0 … 1. */
  readonly part: number;
  /** The part of right answers on sounds that it has not heard. */
  readonly accuracy: number;
  /** How long the training took; undefined before its end. */
  readonly seconds?: number;
}

let state = $state.raw<TrainingState>({ part: 0, accuracy: 0 });
let trained: Promise<Remote<Listener>> | undefined;

/** How far its training is. */
export function firstNetworkState(): TrainingState {
  return state;
}

/** The trained network; trains it at the first call. */
export function firstNetwork(): Promise<Remote<Listener>> {
  trained ??= train();
  return trained;
}

async function train(): Promise<Remote<Listener>> {
  const worker = new Worker(new URL("./listener.worker.ts", import.meta.url), { type: "module" });
  const listener = wrap<Listener>(worker);
  const { seconds } = await listener.train(
    proxy((part, accuracy) => {
      state = { part, accuracy };
    }),
  );
  state = { ...state, seconds };
  return listener;
}
