/** @file Finds weights by the names that Keras 2 and TensorFlow.js give them. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import type { WeightNames } from "./mapped-layer.ts";
import type { PlacedLayer } from "./plan.ts";

/** The name under which a file has a layer's weight; undefined where it has none. */
export type FindName = (layer: PlacedLayer, weight: WeightNames) => string | undefined;

/**
 * Finds weights by the layer's name and the weight's, with or without the names of the models around them.
 * @param names the names of all weights of a file, as "model/conv2d_1/kernel:0"
 * @throws AuricleError "file" where layers of several models share a name and the file does not tell them apart
 */
export function nameFinder(names: Iterable<string>, file: string): FindName {
  const byPath = new Map<string, string>();
  const byEnd = new Map<string, string[]>();
  for (const name of names) {
    const tokens = name.replace(/:\d+$/, "").split("/");
    byPath.set(tokens.join("/"), name);
    const end = tokens.slice(-2).join("/");
    const before = byEnd.get(end);
    if (before) before.push(name);
    else byEnd.set(end, [name]);
  }
  return ({ path }, { theirs }) => {
    for (const their of theirs) {
      const exact = byPath.get([...path, their].join("/"));
      if (exact !== undefined) return exact;
      const [name, ...others] = byEnd.get(`${path.at(-1)}/${their}`) ?? [];
      if (name === undefined) continue;
      if (others.length === 0) return name;
      throw new AuricleError(
        "file",
        `${file}: the weight ${path.join("/")}/${their} may be any of ${[name, ...others].slice(0, 5).join(", ")}: ` +
          "layers of models within the model must have names that differ",
      );
    }
    return undefined;
  };
}
