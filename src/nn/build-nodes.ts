/** @file The nodes of a network: each use of a layer, traced in order. */
import { AuricleError } from "../errors.ts";
import { formatShape, sameShape, type Shape } from "../tensor/shape.ts";
import type { Member, NetworkLayer } from "./layer.ts";
import type { WeightSpec } from "./weight-spec.ts";
import type { NetworkPlan } from "./network-plan.ts";
import { traceLayer } from "./trace-layer.ts";

/** A use of a layer; `inputs` and the node itself are numbered as `NodeConfig` says. */
export interface NetworkNode {
  readonly layer: NetworkLayer;
  readonly inputs: readonly number[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  /** For one example, in inference. */
  readonly multiplyAdds: number;
}

export interface BuiltNodes {
  readonly layers: readonly NetworkLayer[];
  readonly nodes: readonly NetworkNode[];
  /** The weights of each layer. */
  readonly specs: readonly (readonly WeightSpec[])[];
}

/** Traces all layers in order and checks that shared layers ask for the same weights everywhere. */
export function buildNodes(plan: NetworkPlan): BuiltNodes {
  const shapes: Shape[] = plan.inputs.map(({ shape }) => shape);
  const layers: NetworkLayer[] = [];
  const specs: (readonly WeightSpec[])[] = [];
  const nodes = plan.nodes.map((node): NetworkNode => {
    const planned = plan.layers[node.layer];
    if (!planned || node.inputs.length === 0 || node.inputs.some((value) => !shapes[value])) {
      throw new AuricleError(
        "argument",
        `network ${plan.name}: node ${JSON.stringify(node)} must name a layer and values that come before it`,
      );
    }
    const { name, layer, member } = planned;
    const inputShapes = node.inputs.map((value) => shapes[value]);
    const { weights, outputShape, multiplyAdds } = traceLayer(layer, inputShapes, name);
    if (layers[node.layer]) checkShared(name, specs[node.layer], weights);
    else {
      const own = { name, layer, inputShapes, outputShape };
      layers[node.layer] = member ? memberLayer(own, member) : { ...own, trainable: layer.trainable };
      specs[node.layer] = weights;
    }
    shapes.push(outputShape);
    return { layer: layers[node.layer], inputs: node.inputs, inputShapes, outputShape, multiplyAdds };
  });
  const missing = plan.layers.find((_, i) => !layers[i]);
  if (missing) {
    throw new AuricleError(
      "argument",
      `network ${plan.name}: every layer must be used; layer ${missing.name} is not used`,
    );
  }
  return { layers, nodes, specs };
}

/** Frozen or not with the layer of the other network, whichever of them is set. */
function memberLayer(own: Omit<NetworkLayer, "trainable" | "member">, member: Member): NetworkLayer {
  return {
    ...own,
    member,
    get trainable() {
      return member.layer.trainable;
    },
    set trainable(value) {
      member.layer.trainable = value;
    },
  };
}

function checkShared(name: string, first: readonly WeightSpec[], again: readonly WeightSpec[]): void {
  first.forEach((spec, i) => {
    if (sameShape(spec.shape, again[i].shape)) return;
    throw new AuricleError(
      "shape",
      `layer ${name}: is used twice and shares its weights, so ${spec.name} must have one shape; got ${formatShape(spec.shape)} and ${formatShape(again[i].shape)}`,
    );
  });
}
