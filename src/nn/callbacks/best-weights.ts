import { checkOptions } from "../../options.ts";
import type { Callback, CallbackState, Weights } from "./callback.ts";
import { MONITOR_OPTIONS, Monitor, type MonitorOptions } from "./monitor.ts";

/**
 * Keeps the weights of the best epoch and puts them back when the training ends, whichever way: all epochs done,
 * stopped, aborted (Ctrl-C) or failed. To be used where one wants the best weights without stopping early.
 * @throws AuricleError "argument" for an option out of range, or at the first epoch's end when `monitor` is no figure of it.
 */
export function keepBestWeights(options: MonitorOptions = {}): Callback {
  const name = "keepBestWeights";
  checkOptions(name, options, MONITOR_OPTIONS);
  const monitor = new Monitor(name, options);
  let best: Weights | undefined;
  return {
    name,
    onTrainBegin() {
      monitor.reset();
      best = undefined;
    },
    onEpochEnd(epoch, logs, training) {
      if (monitor.improves(epoch, logs)) best = training.getWeights();
    },
    onTrainEnd(training) {
      if (best) training.setWeights(best);
    },
    state: (): CallbackState => ({ values: monitor.values, ...(best && { weights: best }) }),
    restore(state) {
      monitor.restore(state.values);
      best = state.weights;
    },
  };
}
