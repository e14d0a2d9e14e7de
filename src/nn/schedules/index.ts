export {
  constantLearningRate,
  cosineDecay,
  exponentialDecay,
  piecewiseConstantDecay,
  stepDecay,
  type ConstantLearningRateOptions,
  type CosineDecayOptions,
  type ExponentialDecayOptions,
  type PiecewiseConstantDecayOptions,
} from "./decay.ts";
export { oneCycle, type OneCycleOptions } from "./one-cycle.ts";
export {
  isMonitoringSchedule,
  reduceOnPlateau,
  type MonitoringSchedule,
  type PlateauState,
  type ReduceOnPlateauOptions,
} from "./plateau.ts";
export { SCHEDULE_NAMES, scheduleFromConfig } from "./registry.ts";
export type { Schedule, ScheduleConfig } from "./schedule.ts";
export { linearWarmup, type LinearWarmupOptions } from "./warmup.ts";
