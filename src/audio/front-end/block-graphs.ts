/** @file The stages of a front end as graphs for a fixed number of frames. */
import type { Graph } from "../../graph/graph.ts";
import { inputTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { sizeOf, type Shape } from "../../tensor/shape.ts";
import { innerDerivatives } from "./deltas.ts";
import type { Stages } from "./stages.ts";

/** The number of frames that are computed at once where none is asked for; the results do not depend on it. */
export const BLOCK_FRAMES = 64;

/** A stage from one input to one output of `[1, blockFrames, …]`. */
export interface BlockGraph {
  readonly graph: Graph;
  readonly blockFrames: number;
  /** The number of values that one frame gives. */
  readonly perFrame: number;
}

export interface BlockGraphs {
  readonly analysis: BlockGraph;
  readonly projection?: BlockGraph;
  readonly deltas?: BlockGraph;
}

/** Traces those of a front end's stages that have arithmetic on single frames. */
export function blockGraphs(stages: Stages, blockFrames: number): BlockGraphs {
  const { framing, analyzed, project, deltas: config, bins } = stages;
  const samples = (blockFrames - 1) * framing.hopLength + framing.length;
  return {
    analysis: blockGraph([1, samples], (x) => stages.analyze(x, true)),
    ...(project && { projection: blockGraph([1, blockFrames, analyzed], project) }),
    ...(config && {
      deltas: blockGraph([1, blockFrames + config.width - 1, bins], (x) => innerDerivatives(x, config)),
    }),
  };
}

/** `make` turns a float32 tensor of the given shape into one of `[1, blockFrames, …]`. */
function blockGraph(shape: Shape, make: (input: Tensor) => Tensor): BlockGraph {
  const input = inputTensor(shape, "float32");
  const output = make(input);
  const [, blockFrames, ...frame] = output.shape;
  const graph = { inputs: [input], outputs: [output], assignments: [] };
  return { graph, blockFrames, perFrame: sizeOf(frame) };
}
