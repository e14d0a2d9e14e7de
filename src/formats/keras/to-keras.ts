/** @file A network as layers of Keras. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import type { InferenceNetwork } from "../../nn/inference-network.ts";
import type { NetworkNode } from "../../nn/build-nodes.ts";
import {
  KerasBuilder,
  LayerUse,
  type KerasDialect,
  type KerasNetwork,
  type KerasValue,
} from "./keras-builder.ts";
import { NOT_IN_TFJS, WRITERS } from "./write-layers.ts";
import { affineStep } from "./write-special-layers.ts";

/** The answer that is made of the network's only output: probabilities of its logits, or numbers in the units of the targets. */
export type KerasAnswer =
  | "softmax"
  | "sigmoid"
  | { readonly deviation: readonly number[]; readonly mean: readonly number[] }
  | undefined;

const PROGRAMS: Readonly<Record<KerasDialect, string>> = { keras: "Keras", tfjs: "TensorFlow.js" };

/**
 * Writes a network in Keras' terms: all its layers in inference, with their weights.
 * @throws AuricleError "unsupported" naming all layers that the program has nothing for
 */
export function toKeras(
  network: InferenceNetwork,
  dialect: KerasDialect,
  answer: KerasAnswer = undefined,
): KerasNetwork {
  const taken = new Set<string>();
  const inputs = network.inputs.map(({ name, shape }, i) => {
    const safe = name.replace(/[^\w]+/g, "_").replace(/^(?=[^a-zA-Z])/, "input_");
    const own = taken.has(safe) ? `${safe}_${i}` : safe;
    taken.add(own);
    return { name: own, shape };
  });
  const builder = new KerasBuilder(dialect, taken);
  const weights = network.getWeights();
  const values: KerasValue[] = inputs.map((_, input) => ({ input }));
  const refused: string[] = [];
  for (const node of network.nodes) {
    const given = node.inputs.map((value) => values[value]);
    const use = new LayerUse(builder, node.layer, { inputs: given, inputShapes: node.inputShapes }, weights);
    const written = writeNode(node, use);
    if (typeof written === "string") refused.push(written);
    values.push(typeof written === "string" ? given[0] : written);
  }
  if (refused.length > 0) {
    const shown = [...new Set(refused)];
    throw new AuricleError(
      "unsupported",
      `${network.name}: ${PROGRAMS[dialect]} has nothing like ${shown.length === 1 ? "this layer" : "these layers"}:\n` +
        shown.map((one) => `  ${one}`).join("\n"),
    );
  }
  const outputs = network.outputs.map(({ value }) => values[value]);
  return {
    name: network.name.replace(/[^\w]+/g, "_"),
    inputs,
    layers: builder.layers,
    outputs: answer === undefined ? outputs : [answered(builder, outputs[0], answer)],
  };
}

function writeNode({ layer }: NetworkNode, use: LayerUse): KerasValue | string {
  const { className } = layer.layer;
  const named = (why: string) => `${layer.name} (${className})${why}`;
  const writer = Object.hasOwn(WRITERS, className) ? WRITERS[className] : undefined;
  if (!writer || (use.dialect === "tfjs" && NOT_IN_TFJS.has(className))) return named("");
  const written = writer(use);
  return typeof written === "string" ? named(`: ${written}`) : written;
}

function answered(
  builder: KerasBuilder,
  value: KerasValue,
  answer: Exclude<KerasAnswer, undefined>,
): KerasValue {
  if (typeof answer === "string") {
    return builder.add("probabilities", [value], { className: "Activation", config: { activation: answer } });
  }
  const { deviation, mean } = answer;
  const parts = {
    factor: Float32Array.from(deviation),
    mean: new Float32Array(mean.length),
    variance: new Float32Array(mean.length).fill(1),
    offset: Float32Array.from(mean),
  };
  return builder.add("values", [value], affineStep(parts, -1));
}
