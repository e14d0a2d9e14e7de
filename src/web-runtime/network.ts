/** @file A plan's network, which answers to any number of examples. Browser-safe. */
import type { FloatArray } from "../tensor/array.ts";
import type { LoadedPlan, Machine } from "./machine.ts";
import type { PlanNetwork } from "./plan.ts";

interface LoadedNetwork extends LoadedPlan {
  readonly batch: number;
}

export class PlannedNetwork {
  private readonly networks: readonly LoadedNetwork[];

  constructor(machine: Machine, networks: readonly PlanNetwork[]) {
    this.networks = networks.map((plan) => ({ batch: plan.batch, ...machine.load(plan) }));
  }

  /** The number of examples that it answers to at once. */
  get batchSize(): number {
    return this.networks[this.networks.length - 1].batch;
  }

  /** The outputs `[N, …]` for examples `[N, …]`. Each depends on its own example alone. */
  answer({ shape: [count], data }: FloatArray): FloatArray {
    const size = data.length / count;
    const { networks, batchSize } = this;
    const outputs = networks[0].output.length / networks[0].batch;
    const result = new Float32Array(count * outputs);
    for (let first = 0; first < count; first += batchSize) {
      const rows = Math.min(batchSize, count - first);
      // The smallest that takes all of them; what is left over in its input stays as it was.
      const network = networks.find(({ batch }) => batch >= rows) ?? networks[networks.length - 1];
      network.input.set(data.subarray(first * size, (first + rows) * size));
      network.run();
      result.set(network.output.subarray(0, rows * outputs), first * outputs);
    }
    return { shape: [count, outputs], data: result };
  }
}
