/** @file Names of layers: those of the modules that a file's weights belong to, or of its nodes. */
import type { OnnxNode } from "../graph.ts";

/** The last parts of names of weights. */
const WEIGHT = /[./_](weight|bias|kernel|gamma|beta|running_mean|running_var|ReadVariableOp)(:\d+)?$/;

export class LayerNames {
  private readonly taken = new Set<string>();

  /** A name for a node's layer: "layer1.0.conv1". @param weights the names of its weights in the file */
  take(node: OnnxNode, weights: readonly string[]): string {
    const owner = weights.find((name) => WEIGHT.test(name))?.replace(WEIGHT, "");
    return this.free(cleaned(owner ?? node.name) || cleaned(node.operation) || "layer");
  }

  private free(base: string): string {
    let name = base;
    for (let number = 2; this.taken.has(name); number++) name = `${base}_${number}`;
    this.taken.add(name);
    return name;
  }
}

const LONGEST = 80;

/** A slash separates a layer and its weight. */
function cleaned(name: string): string {
  return name
    .replace(/^\/+/, "")
    .replace(/[/\s]+/g, ".")
    .replace(/[^\w.:-]/g, "_")
    .slice(-LONGEST);
}
