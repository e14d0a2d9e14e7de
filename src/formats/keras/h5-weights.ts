/** @file Where the weights of a Keras model stand in an HDF5 file, by Keras 2 (and `.h5` of Keras 3) and by Keras 3. Browser-safe. */
import type { FloatArray } from "../../tensor/array.ts";
import { isList } from "../json/values.ts";
import { INPUT_CLASS, type KerasModel } from "./graph.ts";
import { Hdf5Dataset, type Hdf5Group } from "../hdf5/hdf5-file.ts";
import type { WeightSource } from "./imported.ts";
import { nameFinder } from "./weight-names.ts";

/** Keras 3.0 had the layers of some models under another name. */
const CONTAINERS = ["layers", "_layer_checkpoint_dependencies"];

function containerOf(group: Hdf5Group): Hdf5Group | undefined {
  for (const name of CONTAINERS) {
    const found = group.group(name);
    if (found) return found;
  }
  return undefined;
}

/** "MaxPooling2D" as "max_pooling2d": Keras 3's names of groups, numbered from the second of a class on. */
export function groupNameOf(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** Weights by Keras 3: each layer's in order, in a group that is named by its class and its number in the model. */
export function keras3Weights(root: Hdf5Group, model: KerasModel): WeightSource {
  const groups = new Map<string, Hdf5Group>();
  locate(root, model, [], groups);
  return ({ path }, _, index) => groups.get(path.join("/"))?.dataset(String(index))?.read();
}

function locate(
  group: Hdf5Group,
  model: KerasModel,
  path: readonly string[],
  found: Map<string, Hdf5Group>,
): void {
  const container = containerOf(group);
  if (!container) return;
  const byName = groupsByLayer(container);
  const counts = new Map<string, number>();
  for (const layer of model.layers) {
    if (layer.className === INPUT_CLASS) continue;
    const base = groupNameOf(layer.className);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    const own = container.group(byName.get(layer.name) ?? (count === 0 ? base : `${base}_${count}`));
    const place = [...path, layer.name];
    const variables = own?.group("vars");
    if (own && layer.model) locate(own, layer.model, place, found);
    else if (variables) found.set(place.join("/"), variables);
  }
}

/** The groups of a container by the names of their layers, where the file tells these. */
function groupsByLayer(container: Hdf5Group): Map<string, string> {
  const names = new Map<string, string>();
  for (const group of container.names) {
    const name = container.group(group)?.group("vars")?.attribute("name");
    if (typeof name === "string") names.set(name, group);
  }
  return names;
}

/** Weights by Keras 2: groups by the layers' names, each with a list of its weights' names. */
export function keras2Weights(root: Hdf5Group, file: string): WeightSource {
  const groups = new Map<string, { readonly group: Hdf5Group; readonly names: readonly string[] }>();
  for (const name of textsOf(root, "layer_names")) {
    const group = root.group(name);
    if (group) groups.set(name, { group, names: textsOf(group, "weight_names") });
  }
  const places = new Map<string, () => FloatArray | undefined>();
  for (const [layer, { group, names }] of groups) {
    for (const name of names) places.set(`${layer}/${name}`, () => arrayAt(group, name));
  }
  const find = nameFinder(places.keys(), file);
  return (layer, weight, index) => {
    const own = layer.path.length === 1 ? groups.get(layer.path[0]) : undefined;
    if (!own) return places.get(find(layer, weight) ?? "")?.();
    const ends = weight.theirs.map((their) => new RegExp(`(^|/)${their}(:\\d+)?$`));
    const named = own.names.filter((name) => ends.some((end) => end.test(name)));
    const name = named.length === 1 ? named[0] : own.names.at(index);
    return name === undefined ? undefined : arrayAt(own.group, name);
  };
}

export function arrayAt(group: Hdf5Group, name: string): FloatArray | undefined {
  const found = group.get(name);
  return found instanceof Hdf5Dataset ? found.read() : undefined;
}

/** A list of texts, which long ones are cut into: layer_names0, layer_names1, … */
export function textsOf(group: Hdf5Group, name: string): string[] {
  const whole = group.attribute(name);
  const parts = whole === undefined ? cutParts(group, name) : [whole];
  return parts.flatMap((part): string[] =>
    isList(part) ? part.filter((one): one is string => typeof one === "string") : [],
  );
}

function cutParts(group: Hdf5Group, name: string): unknown[] {
  const parts: unknown[] = [];
  for (let i = 0; i < 1000; i++) {
    const part = group.attribute(`${name}${i}`);
    if (part === undefined) break;
    parts.push(part);
  }
  return parts;
}
