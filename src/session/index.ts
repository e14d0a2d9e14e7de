/** @file `auricle/session`: data, trainings, predictions and explanations behind one object. Browser-safe. */

export type { Activity, AnyEvent } from "./activity.ts";
export { connectSession } from "./connect-session.ts";
export type { PredictionEvent, PreparationEvent, TrainingEvent } from "./events.ts";
export type { SessionPort } from "./messages.ts";
export { openSession } from "./open-session.ts";
export { serveSession } from "./serve-session.ts";
export type {
  DataSummary,
  EvaluateOptions,
  PredictOptions,
  ReadOptions,
  Session,
  TrainOptions,
  TrainRequest,
} from "./session.ts";
export type { PageFile, PageFiles } from "../io/store/page-files.ts";
