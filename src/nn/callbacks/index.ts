export { keepBestWeights } from "./best-weights.ts";
export type { BatchLogs, Callback, CallbackState, EpochLogs, TrainingControl, Weights } from "./callback.ts";
export { earlyStopping, type EarlyStoppingOptions } from "./early-stopping.ts";
export { learningRateScheduler, reduceLROnPlateau, type ReduceLROnPlateauOptions } from "./learning-rate.ts";
export type { MonitorOptions } from "./monitor.ts";
