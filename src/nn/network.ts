/** @file A network that can be trained, and describes itself. */
import { InferenceNetwork } from "./inference-network.ts";
import { trainingOperationsFrom } from "./layers/training-operations.ts";
import { summarize, type SummaryOptions } from "./summary.ts";

/** A function of tensors with weights. Make one with `sequentialNetwork` or `graphNetwork`. */
export class Network extends InferenceNetwork {
  /** A table of layers, shapes, parameters, cost and receptive fields, for 80 columns. */
  summary(options: SummaryOptions = {}): string {
    return summarize(this, options);
  }

  protected override trainingOperations(): typeof trainingOperationsFrom {
    return trainingOperationsFrom;
  }
}
