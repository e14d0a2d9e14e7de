/** @file Names of layers: from the class, numbered from 1. */
import { AuricleError } from "../errors.ts";

/** Classes that are one word in spite of their capitals; Keras' rule makes "re_lu" and "p_re_lu" of them. */
const ONE_WORD = /P?ReLU/g;

/** "MaxPooling2D" → "max_pooling2d": Keras' rule, but for "relu", "leaky_relu" and "prelu". */
export function snakeCase(className: string): string {
  return className
    .replace(ONE_WORD, (word) => word[0] + word.slice(1).toLowerCase())
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/**
 * A name for each layer: its own, or the class's name with the smallest number that is free, counted per class:
 * "conv2d_1", "conv2d_2", …
 * @throws AuricleError "argument" when two layers are given one name, or a name holds a slash.
 */
export function nameLayers(layers: readonly { className: string; name: string | undefined }[]): string[] {
  const taken = new Set<string>();
  for (const { name } of layers) {
    if (name === undefined) continue;
    if (name === "" || name.includes("/")) {
      throw new AuricleError(
        "argument",
        `layer: a name must not be empty nor hold "/", which separates layer and weight; got "${name}"`,
      );
    }
    if (taken.has(name)) {
      throw new AuricleError(
        "argument",
        `layer: names must differ within a model; got "${name}" twice; rename one, or use one layer object twice to share weights`,
      );
    }
    taken.add(name);
  }
  const next = new Map<string, number>();
  return layers.map(({ className, name }) => {
    if (name !== undefined) return name;
    const base = snakeCase(className);
    let number = next.get(base) ?? 1;
    while (taken.has(`${base}_${number}`)) number++;
    next.set(base, number + 1);
    return `${base}_${number}`;
  });
}
