/** @file A program for a fixed number of frames, compiled here. */
import { compileGraph, type CompileOptions } from "../../graph/compile.ts";
import type { CompiledGraph } from "../../graph/compiled-graph.ts";
import type { FrameProgram } from "./block-features.ts";
import type { BlockGraph } from "./block-graphs.ts";

export class BlockProgram implements FrameProgram {
  readonly blockFrames: number;
  readonly perFrame: number;
  private readonly compiled: CompiledGraph;

  constructor({ graph, blockFrames, perFrame }: BlockGraph, options: CompileOptions) {
    this.compiled = compileGraph(graph, options);
    this.blockFrames = blockFrames;
    this.perFrame = perFrame;
  }

  input(): Float32Array {
    return this.compiled.inputView(0) as Float32Array;
  }

  run(): void {
    this.compiled.run();
  }

  output(): Float32Array {
    return this.compiled.output(0).data as Float32Array;
  }
}
