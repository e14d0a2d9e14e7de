/** @file Watching one figure for its best value. */
import { AuricleError } from "../../errors.ts";
import type { OptionNames } from "../../options.ts";
import { checkNumber } from "../schedules/schedule.ts";
import type { CallbackState, EpochLogs } from "./callback.ts";
import { shownValue } from "../../shown-value.ts";

export interface MonitorOptions {
  /** A figure of the epoch's logs; default "valLoss", or "loss" where there are no validation examples. */
  readonly monitor?: string;
  /** Whether lower or higher is better. Default: "max" for accuracies, precisions, recalls, F1, rocAuc and r2, else "min". */
  readonly mode?: "min" | "max";
  /** How much better than the best a value must be to count, 0 or more; default 0. */
  readonly minDelta?: number;
}

/** The names of {@link MonitorOptions}. */
export const MONITOR_OPTIONS: OptionNames<MonitorOptions> = { monitor: true, mode: true, minDelta: true };

/** The best value so far of one figure. NaN is never better. */
export class Monitor {
  private readonly owner: string;
  private readonly options: MonitorOptions;
  private readonly minDelta: number;
  best: number | null = null;
  bestEpoch: number | null = null;

  /** @param owner the callback's name, for messages */
  constructor(owner: string, options: MonitorOptions) {
    const { mode } = options;
    if (mode !== undefined && mode !== "min" && mode !== "max") {
      throw new AuricleError("argument", `${owner}: mode must be min or max; got ${shownValue(mode)}`);
    }
    this.owner = owner;
    this.options = options;
    this.minDelta = checkNumber(owner, "minDelta", options.minDelta ?? 0, "0 or more");
  }

  reset(): void {
    this.best = null;
    this.bestEpoch = null;
  }

  /** The figure's value. @throws AuricleError "argument" when the logs have no such figure. */
  value(logs: EpochLogs): number {
    const name = this.figure(logs);
    if (Object.hasOwn(logs, name)) return logs[name];
    const advice = name.startsWith("val") ? "; give fit validationData or validationSplit" : "";
    throw new AuricleError(
      "argument",
      `${this.owner}: monitor must be one of ${Object.keys(logs).join(", ")}; got "${name}"${advice}`,
    );
  }

  /** Takes an epoch's value; true when it is the best so far. */
  improves(epoch: number, logs: EpochLogs): boolean {
    const value = this.value(logs);
    const gain = this.mode(logs) === "min" ? -1 : 1;
    const better = !Number.isNaN(value) && (this.best === null || gain * (value - this.best) > this.minDelta);
    if (better) {
      this.best = value;
      this.bestEpoch = epoch;
    }
    return better;
  }

  mode(logs: EpochLogs): "min" | "max" {
    return (
      this.options.mode ??
      (/(acc|accuracy|f1|precision|recall|auc|r2)$/i.test(this.figure(logs)) ? "max" : "min")
    );
  }

  get values(): CallbackState["values"] {
    return { best: this.best, bestEpoch: this.bestEpoch };
  }

  restore({ best, bestEpoch }: CallbackState["values"]): void {
    this.best = typeof best === "number" ? best : null;
    this.bestEpoch = typeof bestEpoch === "number" ? bestEpoch : null;
  }

  private figure(logs: EpochLogs): string {
    return this.options.monitor ?? (Object.hasOwn(logs, "valLoss") ? "valLoss" : "loss");
  }
}
