/** @file Weights that two networks have in common, because one is used as a layer of the other. */
import { AuricleError } from "../errors.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { rootOf } from "./layer-uses.ts";
import type { Member } from "./layer.ts";
import type { WeightEntry } from "./weight-layout.ts";
import type { WeightOwner } from "./weight-owner.ts";

interface Pair {
  readonly own: WeightEntry;
  readonly source: WeightEntry;
}

/**
 * The weights of `own` that belong to `source`. Each network has memory of its own, as its programs need it in one piece; so
 * changes by one are copied before the other uses them. `source` always has the newest numbers.
 */
export class SharedWeights {
  private readonly own: WeightOwner;
  private readonly source: WeightOwner;
  private readonly pairs: readonly Pair[];
  /** The source's `version` when both last had the same numbers. */
  private seen = -1;

  constructor(own: WeightOwner, source: WeightOwner, pairs: readonly Pair[]) {
    this.own = own;
    this.source = source;
    this.pairs = pairs;
  }

  /** Copies from the source if it has changed. */
  take(): void {
    if (this.seen === this.source.version) return;
    for (const { own, source } of this.pairs) this.own.editWords(own).set(this.source.wordsOf(source));
    this.seen = this.source.version;
  }

  /** Copies to the source the weights that were changed. */
  give(isChanged: (entry: WeightEntry) => boolean): void {
    const changed = this.pairs.filter(({ own }) => isChanged(own));
    if (changed.length === 0) return;
    for (const { own, source } of changed) this.source.editWords(source).set(this.own.wordsOf(own));
    this.seen = ++this.source.version;
  }
}

/**
 * Returns the weights that a network has in common with those whose layers it uses.
 * @param members the owner of each of its layers
 * @throws AuricleError "shape" when a layer would need other weights than it has there
 */
export function sharedWeights(
  own: WeightOwner,
  members: ReadonlyMap<string, Member>,
): readonly SharedWeights[] {
  const pairs = new Map<WeightOwner, Pair[]>();
  for (const entry of own.weights) {
    const member = members.get(entry.layer);
    if (!member) continue;
    const { network, layer } = rootOf(member);
    const source = network.weights.find(
      (weight) => weight.layer === layer.name && weight.name === entry.name,
    );
    if (!source || !sameShape(source.shape, entry.shape)) {
      throw new AuricleError(
        "shape",
        `layer ${entry.layer}: shares the weights of network ${network.name}, where ${entry.name} is ` +
          `${source ? formatShape(source.shape) : "none"}; here it would be ${formatShape(entry.shape)}; ` +
          `use the network on inputs of shape ${network.inputShapes.map(formatShape).join(" and ")}`,
      );
    }
    const list = pairs.get(network) ?? [];
    list.push({ own: entry, source });
    pairs.set(network, list);
  }
  return [...pairs].map(([network, list]) => new SharedWeights(own, network, list));
}
