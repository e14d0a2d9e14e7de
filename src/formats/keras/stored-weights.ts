/**
 * @file The layers of a file that Keras wrote, as names and arrays without the network: `.weights.h5` and `.keras` of Keras 3, `.h5` of
 * Keras 2. Browser-safe.
 */
import { AuricleError } from "../../errors.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { Hdf5Dataset, isHdf5, openHdf5, type Hdf5Group } from "../hdf5/hdf5-file.ts";
import { openZip } from "../zip/read-zip.ts";
import { arrayAt, groupNameOf, textsOf } from "./h5-weights.ts";
import { KERAS_CLASSES } from "./layer-classes.ts";
import { LIMITS } from "./limits.ts";
import { WEIGHTS_ENTRY } from "./read-keras.ts";

/** A layer with weights, as a file has it. */
export interface StoredLayer {
  /** Its place in the file: "layers/conv2d_1". */
  readonly path: string;
  /** The names that a person gave it, in the model or as an attribute of a class; none where Keras numbered it. */
  readonly givenNames: readonly string[];
  /** Its class in Keras' names of groups, "conv2d"; undefined where the file does not tell. */
  readonly kind?: string;
  /** In Keras' order. */
  readonly tensors: readonly { readonly name: string; readonly array: FloatArray }[];
}

/**
 * Reads the layers that have weights, in the order of the model where the file has it, else by class and number.
 * @throws AuricleError "file" for a file without weights, and for one that is damaged
 */
export function readStoredLayers(bytes: Uint8Array, file: string): StoredLayer[] {
  const root = isHdf5(bytes) ? openHdf5(bytes, file) : openHdf5(weightsIn(bytes, file), file);
  const listed = root.group("model_weights") ?? root;
  const layers =
    textsOf(listed, "layer_names").length > 0
      ? listedLayers(listed)
      : numberedLayers(root).sort((a, b) => byNumber.compare(a.path, b.path));
  if (layers.length > 0) return layers;
  throw new AuricleError("file", `${file}: must hold the weights of a model of Keras; it has none`);
}

function weightsIn(bytes: Uint8Array, file: string): Uint8Array {
  const zip = openZip(bytes, file);
  if (zip.paths.includes(WEIGHTS_ENTRY)) return zip.read(WEIGHTS_ENTRY);
  throw new AuricleError("file", `${file}: a model of Keras must have ${WEIGHTS_ENTRY} in it; has none`);
}

/** "conv2d_10" comes after "conv2d_9". */
const byNumber = new Intl.Collator("en", { numeric: true });

const KINDS: ReadonlySet<string> = new Set(KERAS_CLASSES.map(groupNameOf));

/** The class of a layer that Keras named itself: "conv2d" of "conv2d_1". */
function kindOf(name: string): string | undefined {
  const kind = name.replace(/_\d+$/, "");
  return KINDS.has(kind) ? kind : undefined;
}

function stored(path: string, names: readonly string[], tensors: StoredLayer["tensors"]): StoredLayer {
  const kind = names.map(kindOf).find((one) => one !== undefined);
  const givenNames = names.filter((name) => kindOf(name) === undefined);
  return { path, givenNames, ...(kind !== undefined && { kind }), tensors };
}

/** State that is no weight: the optimizer's, and of what draws random numbers. */
const NO_LAYERS = new Set(["optimizer", "seed_generator", "vars"]);

/** Keras 3: each object with variables is a group that has them in a group "vars", by number. */
function numberedLayers(group: Hdf5Group, depth = 0): StoredLayer[] {
  if (depth > 2 * LIMITS.depth) return [];
  const variables = group.group("vars");
  const tensors = variables ? variablesOf(group.path, variables) : [];
  const name = variables?.attribute("name");
  const last = group.path.split("/").at(-1) ?? "";
  const names = [last, ...(typeof name === "string" ? [name] : [])];
  const own = tensors.length > 0 ? [stored(group.path, names, tensors)] : [];
  const inner = group.names
    .filter((one) => !NO_LAYERS.has(one))
    .flatMap((one) => {
      const found = group.group(one);
      return found ? numberedLayers(found, depth + 1) : [];
    });
  return [...own, ...inner];
}

function variablesOf(path: string, variables: Hdf5Group): StoredLayer["tensors"] {
  return [...variables.names].sort(byNumber.compare).flatMap((name) => {
    const found = variables.get(name);
    return found instanceof Hdf5Dataset ? [{ name: `${path}/${name}`, array: found.read() }] : [];
  });
}

/** Keras 2: groups of layers in order, each with the names of its weights, which tell the layers of a model that is a layer apart. */
function listedLayers(root: Hdf5Group): StoredLayer[] {
  return textsOf(root, "layer_names").flatMap((layer) => {
    const group = root.group(layer);
    if (!group) return [];
    const inner = new Map<string, { name: string; array: FloatArray }[]>();
    for (const name of textsOf(group, "weight_names")) {
      const array = arrayAt(group, name);
      if (!array) continue;
      const owner = name.split("/").slice(0, -1).join("/");
      const tensors = inner.get(owner) ?? [];
      tensors.push({ name: name.replace(/:\d+$/, ""), array });
      inner.set(owner, tensors);
    }
    return [...inner].map(([owner, tensors]) => {
      const name = owner.split("/").at(-1) ?? "";
      const names = inner.size === 1 && name !== layer ? [layer, name] : [name];
      return stored(inner.size === 1 ? layer : `${layer}/${owner}`, names, tensors);
    });
  });
}
