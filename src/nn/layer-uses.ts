/** @file The layers that a new network uses: which of them are one layer, and their names. */
import type { Layer, Member, NetworkLayer } from "./layer.ts";
import { nameLayers } from "./layer-name.ts";
import type { NetworkPlan } from "./network-plan.ts";

/** A use of a layer on values of the new network, by their numbers. */
export interface LayerUse {
  readonly layer: Layer;
  readonly member: Member | undefined;
  readonly inputs: readonly number[];
}

/** The network and the layer that a member's weights are in the end: networks in networks share theirs as well. */
export function rootOf(member: Member): Member {
  let root = member;
  while (root.layer.member) root = root.layer.member;
  return root;
}

/** Layers with their names, in the order of their first use, and the nodes. */
export function planUses(uses: readonly LayerUse[]): Pick<NetworkPlan, "layers" | "nodes"> {
  const numbers = new Map<Layer | NetworkLayer, number>();
  const distinct: LayerUse[] = [];
  const nodes = uses.map((use) => {
    const identity = use.member ? rootOf(use.member).layer : use.layer;
    let layer = numbers.get(identity);
    if (layer === undefined) {
      layer = distinct.push(use) - 1;
      numbers.set(identity, layer);
    }
    return { layer, inputs: use.inputs };
  });
  const names = namesOf(distinct);
  return {
    nodes,
    layers: distinct.map(({ layer, member }, i) => ({ name: names[i], layer, ...(member && { member }) })),
  };
}

/** Names that networks have when they are given none: they are numbered like layers. */
const DEFAULT_NAMES = ["sequential", "model"];

/** A layer of a network that is used as a layer has both names: "backbone/conv2d_1". */
function namesOf(uses: readonly LayerUse[]): string[] {
  const owners = [...new Set(uses.map(({ layer, member }) => member?.network ?? layer))];
  const names = nameLayers(
    owners.map((owner) => {
      if ("className" in owner) return owner;
      const { name } = owner;
      return { className: name, name: DEFAULT_NAMES.includes(name) ? undefined : name };
    }),
  );
  return uses.map(({ layer, member }) => {
    const name = names[owners.indexOf(member?.network ?? layer)];
    return member ? `${name}/${member.layer.name}` : name;
  });
}
