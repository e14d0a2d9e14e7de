/** @file The network of a graph: layers for its nodes, and the file's numbers as their weights. */
import { AuricleError } from "../../../errors.ts";
import { activation, input, type SymbolicTensor } from "../../../nn/index.ts";
import { graphNetwork } from "../../../nn/network-builders.ts";
import type { Network } from "../../../nn/network.ts";
import { shownValue } from "../../../shown-value.ts";
import type { ExampleInput, OnnxGraph } from "../graph.ts";
import { Builder } from "./builder.ts";
import type { ValueFacts } from "./facts.ts";
import { takesChannelsLast } from "./layout.ts";
import { applyRule } from "./rules.ts";
import { sliceOf } from "./slices.ts";

export interface BuiltNetwork {
  readonly network: Network;
  readonly notes: readonly string[];
  /** For each input whether its channels, first in the file, are last. */
  readonly channelsLast: readonly boolean[];
}

interface BuildOptions {
  /** Whether general layers take one example at a time. */
  readonly each: boolean;
  readonly file: string;
}

/** @throws AuricleError "unsupported" for values without a batch, and networks without weights or layers */
export function buildNetwork(
  graph: OnnxGraph,
  facts: ValueFacts,
  given: readonly ExampleInput[],
  { each, file }: BuildOptions,
): BuiltNetwork {
  const builder = new Builder(graph, facts, sliceOf, each);
  const notes: string[] = [];
  const channelsLast = given.map(({ name, shape }) => takesChannelsLast(builder, name, shape));
  const inputs = given.map(({ name, shape }, i): SymbolicTensor => {
    const isLast = channelsLast[i];
    const symbol = input({ name, shape: isLast ? [...shape.slice(1), shape[0]] : shape });
    builder.set(name, isLast ? { last: symbol } : { asIs: symbol });
    if (isLast) notes.push(`the input ${shownValue(name)} takes channels last, as [${symbol.shape.join()}]`);
    return symbol;
  });
  for (const node of graph.nodes) {
    if (node.outputs.every((name) => name === "" || facts.constant(name) !== undefined)) continue;
    if (builder.isDone(node) || applyRule(builder, node)) continue;
    // Values that several nodes take are layers of their own; others become part of the layer that takes them.
    for (const name of node.outputs) {
      if (name !== "" && facts.example(name) && facts.isFloat(name) && builder.readersOf(name).length > 1)
        builder.asIs(name);
    }
  }
  const outputs = Object.fromEntries(
    graph.outputs.map((name) => {
      if (facts.constant(name)) {
        throw new AuricleError(
          "unsupported",
          `${file}: the output ${shownValue(name)} does not depend on the input`,
        );
      }
      const tensor = builder.asIs(name);
      const { origin } = tensor;
      return [name, origin.kind === "input" ? activation({ activation: "linear" }).apply(tensor) : tensor];
    }),
  );
  const values = Object.values(outputs);
  const network = graphNetwork(
    { inputs, outputs: values.length === 1 ? values[0] : outputs },
    { name: nameOf(graph.name) },
    builder.weights,
  );
  return { network, notes, channelsLast };
}

const LONGEST_NAME = 60;

function nameOf(name: string): string {
  return name.replace(/[^\w.-]/g, "_").slice(0, LONGEST_NAME) || "onnx";
}
