/** @file Imports the weights of PyTorch networks into networks of this library. */
import { loadStateDict, readStateDict, type StateDict } from "../../formats/pytorch/index.ts";
import { isZip } from "../../formats/zip/read-zip.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Importer } from "./importer.ts";
import { FALLBACK_CLASSES, loadedNetwork, networkFor } from "./weights-alone.ts";

const ENDINGS = [".pt", ".pth", ".ckpt", ".bin", ".safetensors"];

export const PYTORCH: Importer = {
  format: "PyTorch",
  endings: ENDINGS,
  readsWeightsAlone: true,
  takes({ path, head }) {
    const isNamed = ENDINGS.some((ending) => path.toLowerCase().endsWith(ending));
    const holdsPickle = isZip(head) && new TextDecoder("latin1").decode(head).includes("data.pkl");
    return isNamed || holdsPickle;
  },
  async load(file, { model, input, classes, partial = false }) {
    const stateDict = readStateDict(await file.read(), file.path);
    const target = await networkFor(file, {
      model,
      inputShape: input && channelsLast(input),
      classes: classes ?? outputsOf(stateDict),
    });
    return loadedNetwork(target, loadStateDict(target.network, stateDict, file.path, { partial }));
  },
};

/** A shape as PyTorch orders it, channels first. */
function channelsLast(shape: Shape): Shape {
  return shape.length < 2 ? shape : [...shape.slice(1), shape[0]];
}

/** The outputs of the last fully connected layer, which most networks end with. */
function outputsOf({ tensors }: StateDict): number {
  const last = [...tensors.values()].filter(({ shape }) => shape.length === 2).at(-1);
  return last?.shape[0] ?? FALLBACK_CLASSES;
}
