/** @file The models that were opened last, kept for the next question to one of them. Browser-safe. */

import type { Warn } from "../runs/observer.ts";
import { modelState } from "../runs/model-state.ts";
import { openTrainedModel, type OpenModelOptions, type TrainedModel } from "../runs/trained-model.ts";

/** Models that are kept, with their memory and their compiled programs. */
const MOST_KEPT = 2;

interface Kept {
  /** Place, engine, and the state of all files: a training that goes on writes new ones. */
  readonly key: string;
  readonly trained: TrainedModel;
  readonly warnings: readonly string[];
}

export class KeptModels {
  /** The one that was used last comes last. */
  private kept: readonly Kept[] = [];

  /** As `openTrainedModel`; a model that is kept tells its warnings again. */
  async open(place: string, options: OpenModelOptions, warn: Warn): Promise<TrainedModel> {
    const key = await keyOf(place, options);
    const found = this.kept.find((one) => one.key === key);
    const opened = found ?? (await this.openAnew(place, options, key));
    this.kept = [...this.kept.filter((one) => one.key !== key), opened].slice(-MOST_KEPT);
    for (const text of opened.warnings) await warn(text);
    return opened.trained;
  }

  private async openAnew(place: string, options: OpenModelOptions, key: string): Promise<Kept> {
    const warnings: string[] = [];
    const trained = await openTrainedModel(place, options, (text) => void warnings.push(text));
    return { key, trained, warnings };
  }
}

async function keyOf(place: string, { threads, precision }: OpenModelOptions): Promise<string> {
  return JSON.stringify([place, threads, precision, await modelState(place)]);
}
