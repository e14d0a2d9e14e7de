import { checkOptions, type OptionNames } from "../../options.ts";
import { checkNumber } from "../schedules/schedule.ts";
import type { Callback, CallbackState, Weights } from "./callback.ts";
import { MONITOR_OPTIONS, Monitor, type MonitorOptions } from "./monitor.ts";

export interface EarlyStoppingOptions extends MonitorOptions {
  /** After how many epochs in a row without improvement to stop; a whole number, 0 or more; default 0, as in Keras. */
  readonly patience?: number;
  /**
   * Puts the best epoch's weights back however the training ends: stopped by this callback or another, all epochs
   * done, aborted (Ctrl-C) or failed. Default true; Keras' is false.
   */
  readonly restoreBestWeights?: boolean;
}

const OPTIONS: OptionNames<EarlyStoppingOptions> = {
  patience: true,
  restoreBestWeights: true,
  ...MONITOR_OPTIONS,
};

/**
 * Ends the training when the monitored figure no longer improves. With patience p it stops after the p-th epoch in a
 * row that is no better than the best one (with 0 as with 1, after the first), as Keras does.
 * @throws AuricleError "argument" for an option out of range, or at the first epoch's end when `monitor` is no figure of it.
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  const name = "earlyStopping";
  checkOptions(name, options, OPTIONS);
  const { restoreBestWeights = true } = options;
  const patience = checkNumber(name, "patience", options.patience ?? 0, "a whole number, 0 or more");
  const monitor = new Monitor(name, options);
  let wait = 0;
  let best: Weights | undefined;
  return {
    name,
    onTrainBegin() {
      monitor.reset();
      wait = 0;
      best = undefined;
    },
    onEpochEnd(epoch, logs, training) {
      if (monitor.improves(epoch, logs)) {
        wait = 0;
        if (restoreBestWeights) best = training.getWeights();
        return;
      }
      wait++;
      if (wait >= patience) training.stop();
    },
    onTrainEnd(training) {
      if (best) training.setWeights(best);
    },
    state: (): CallbackState => ({ values: { ...monitor.values, wait }, ...(best && { weights: best }) }),
    restore({ values, weights }) {
      monitor.restore(values);
      wait = checkNumber(name, "wait of the state", values.wait, "a whole number, 0 or more");
      best = weights;
    },
  };
}
