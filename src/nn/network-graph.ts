import type { Tensor } from "../graph/tensor.ts";
import type { NetworkNode } from "./build-nodes.ts";
import type { NetworkOutput, OutputForm } from "./network-outputs.ts";
import type { InputConfig } from "./network-plan.ts";
import type { WeightEntry } from "./weight-layout.ts";

/** A network as its summary, its receptive fields and its penalties see it: layers on values, and weights. */
export interface NetworkGraph {
  readonly name: string;
  readonly inputs: readonly InputConfig[];
  readonly nodes: readonly NetworkNode[];
  readonly outputs: readonly NetworkOutput[];
  readonly outputForm: OutputForm;
  readonly weights: readonly WeightEntry[];
  isFrozen(entry: WeightEntry): boolean;
  variable(entry: WeightEntry): Tensor;
}
