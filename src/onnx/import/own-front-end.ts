/** @file Files of the library that begin with a front end: the network is what comes behind its features. */
import * as z from "zod/mini";
import { frontEnd } from "../../audio/front-end/index.ts";
import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import { AuricleError } from "../../errors.ts";
import { permute, reshape, withFirstLayers, type Layer, type Network } from "../../nn/index.ts";
import { isCount } from "../../ops/window.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { OnnxGraph, OnnxNode } from "./graph.ts";

/** A graph without its front end, and how a network of it takes features. */
export interface WithoutFrontEnd {
  readonly graph: OnnxGraph;
  /** Gives a network of the graph the features' shape, time first. */
  readonly onFeatures: (network: Network) => Network;
}

const schema = z.object({ name: z.string(), axes: z.array(z.int().check(z.nonnegative())) });

/** Returns undefined for files of other programs, and for those that begin with features or are networks on samples. */
export function withoutFrontEnd(graph: OnnxGraph): WithoutFrontEnd | undefined {
  const { features, frontEnd: config, windowSamples } = graph.metadata;
  const samples = Number(windowSamples);
  if (features === undefined || config === undefined || !isCount(samples)) return undefined;
  try {
    const front = frontEnd(JSON.parse(config) as FrontEndOptions);
    const { name, axes } = schema.parse(JSON.parse(features));
    const shape = front.outputShape(samples);
    const isRight = axes[0] === 0 && axes.slice(1).every((axis) => axis >= 1 && axis <= shape.length);
    if (front.config.kind === "waveform" || !isRight || new Set(axes).size < axes.length) return undefined;
    const missing = shape.flatMap((_, i) => (axes.includes(i + 1) ? [] : [i + 1]));
    if (missing.some((axis) => shape[axis - 1] !== 1)) return undefined;
    const nodes = nodesBehind(graph, name);
    if (!nodes) return undefined;
    const own = axes.slice(1).map((axis) => shape[axis - 1]);
    const inputs = [{ name, type: "float32", shape: ["batch", ...own] }] as const;
    const layers = layersTo(shape, axes.slice(1), missing, own);
    return {
      graph: { ...graph, inputs, nodes },
      onFeatures: (network) => withFirstLayers(network, shape, layers),
    };
  } catch (error) {
    if (error instanceof AuricleError || error instanceof SyntaxError || error instanceof z.core.$ZodError)
      return undefined;
    throw error;
  }
}

/** The layers from features, time first, to a value that has some of their axes. */
function layersTo(shape: Shape, axes: readonly number[], missing: readonly number[], own: Shape): Layer[] {
  const dims = [...axes, ...missing];
  const isInOrder = dims.every((axis, i) => axis === i + 1);
  return [
    ...(isInOrder ? [] : [permute({ dims })]),
    ...(missing.length > 0 ? [reshape({ targetShape: own })] : []),
    ...(isInOrder && missing.length === 0 ? [reshape({ targetShape: shape })] : []),
  ];
}

/** The nodes that depend on a value and not on what it is made of; undefined where others are needed. */
function nodesBehind({ nodes, outputs, inputs }: OnnxGraph, name: string): OnnxNode[] | undefined {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  if (!makers.has(name)) return undefined;
  const needed = new Set<OnnxNode>();
  const stack = [...outputs];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next === name) continue;
    if (inputs.some((input) => input.name === next)) return undefined;
    const node = makers.get(next);
    if (!node || needed.has(node)) continue;
    needed.add(node);
    stack.push(...node.inputs);
  }
  return nodes.filter((node) => needed.has(node));
}
