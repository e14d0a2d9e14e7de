/** @file How long each layer of a trained model computes. Browser-safe. */

import { nameOfValue } from "../../explain/layer-choice.ts";
import { compileGraph } from "../../graph/compile.ts";
import { inputTensor } from "../../graph/sources.ts";
import type { InferenceNetwork } from "../../nn/inference-network.ts";
import { compileOptions } from "../../nn/training/engine-options.ts";
import { usableThreads } from "../../runtime/pool.ts";
import { startProfile, type KernelProfile } from "../../runtime/profile.ts";
import type { TrainedModel } from "../trained-model.ts";

/** The time of one layer, for one example in inference. */
export interface LayerTime {
  /** As `inspect` names it. */
  readonly layer: string;
  /** The time of all threads together, in loops of its own; 0 where it has none. */
  readonly milliseconds: number;
  /** The layer in whose loops this one is computed, all of it or a part; it has the time of both. */
  readonly within?: string;
}

/** The times of a model's layers. Plain data. */
export interface LayerTimes {
  readonly layers: readonly LayerTime[];
  /** All kernels of the network, for one example. */
  readonly milliseconds: number;
  /** Examples that were measured; times are means. */
  readonly runs: number;
  readonly threads: number;
}

/** Runs before the measurement: memory is touched for the first time. */
const WARM_UP = 2;

/** Milliseconds for the measurement, and runs at the least and at most. */
const BUDGET = 150;
const LEAST_RUNS = 3;
const MOST_RUNS = 200;

/**
 * Runs the network on one example some times, and sums up its kernels by the layers that they belong to. The work is not left to other
 * tasks of this thread meanwhile: it takes about a quarter of a second, and of a large network as long as a few examples.
 * @throws AuricleError "argument" while another profile is being recorded
 */
export function layerTimes({ model }: TrainedModel): LayerTimes {
  const { network, engine } = model;
  const inputs = network.inputShapes.map((shape) => inputTensor([1, ...shape], "float32"));
  const program = compileGraph(
    { inputs, outputs: network.applyAll(inputs, { training: false }), assignments: [] },
    compileOptions(network, engine),
  );
  network.refresh();
  for (let run = 0; run < WARM_UP; run++) program.run();
  const recorder = startProfile();
  const begin = performance.now();
  let runs = 0;
  while (runs < LEAST_RUNS || (runs < MOST_RUNS && performance.now() - begin < BUDGET)) {
    program.run();
    runs++;
  }
  const { kernels } = recorder.stop();
  return {
    layers: timesOf(network, kernels),
    milliseconds: kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    runs,
    threads: engine.threads ?? usableThreads(),
  };
}

/** A kernel counts for the layer of its that has multiply-adds, or for its first; the others are computed within that one. */
function timesOf(network: InferenceNetwork, kernels: readonly KernelProfile[]): readonly LayerTime[] {
  const { nodes, inputs } = network;
  const costly = new Set(nodes.filter(({ multiplyAdds }) => multiplyAdds > 0).map(({ layer }) => layer.name));
  const times = new Map<string, number>();
  const hosts = new Map<string, string>();
  for (const { scopes, milliseconds } of kernels) {
    const host = scopes.find((scope) => costly.has(scope)) ?? scopes[0];
    if (host === undefined) continue;
    times.set(host, (times.get(host) ?? 0) + milliseconds);
    for (const scope of scopes) if (scope !== host && !hosts.has(scope)) hosts.set(scope, host);
  }
  const seen = new Set<string>();
  return nodes.map(({ layer }, node): LayerTime => {
    const isAgain = seen.has(layer.name);
    seen.add(layer.name);
    const milliseconds = isAgain ? 0 : (times.get(layer.name) ?? 0);
    // Of a layer that is used again, all uses are in the first one's time.
    const host = isAgain ? layer.name : hosts.get(layer.name);
    return {
      layer: nameOfValue(network, inputs.length + node),
      milliseconds,
      ...(host !== undefined && (isAgain || !costly.has(layer.name)) && { within: host }),
    };
  });
}
