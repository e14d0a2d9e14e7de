/** @file A program for a fixed number of frames, run over any number of them. */
import { compileGraph, type CompileOptions } from "../../graph/compile.ts";
import type { CompiledGraph } from "../../graph/compiled-graph.ts";
import { inputTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { sizeOf, type Shape } from "../../tensor/shape.ts";

export class BlockProgram {
  private readonly graph: CompiledGraph;
  private readonly blockFrames: number;
  /** Numbers that one frame gives. */
  private readonly perFrame: number;
  private readonly input: Float32Array;

  /** `make` turns a float32 tensor of the given shape into one of `[1, blockFrames, …]`. */
  constructor(inputShape: Shape, make: (input: Tensor) => Tensor, options: CompileOptions) {
    const input = inputTensor(inputShape, "float32");
    const output = make(input);
    const [, blockFrames, ...frame] = output.shape;
    this.graph = compileGraph({ inputs: [input], outputs: [output], assignments: [] }, options);
    this.blockFrames = blockFrames;
    this.perFrame = sizeOf(frame);
    this.input = new Float32Array(sizeOf(inputShape));
  }

  /** The results of `frames` frames; `load` fills the input for the block that begins with frame `first`. */
  run(frames: number, load: (first: number, input: Float32Array) => void): Float32Array {
    const result = new Float32Array(frames * this.perFrame);
    for (let first = 0; first < frames; first += this.blockFrames) {
      load(first, this.input);
      this.graph.inputView(0).set(this.input);
      this.graph.run();
      const count = Math.min(this.blockFrames, frames - first) * this.perFrame;
      const { data } = this.graph.output(0);
      result.set(data.subarray(0, count), first * this.perFrame);
    }
    return result;
  }
}
