/** @file A network as PyTorch takes it: a state dict, and the Python program that `load_state_dict` loads it into. Browser-safe. */

import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import { writeSafetensors } from "../../io/safetensors.ts";
import type { InferenceNetwork } from "../../nn/inference-network.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { NumericArray } from "../../tensor/array.ts";
import { toTorch } from "./convert-tensors.ts";
import { FRONT_END_CLASS } from "./python-front-end.ts";
import { classNameOf, pythonModule } from "./python-module.ts";
import { EXPORTED_FROM } from "./read-state-dict.ts";
import { torchView } from "./torch-view.ts";
import { writeTorchArchive } from "./write-archive.ts";

export interface PytorchOptions {
  /** The names of the two files, for the program's own lines on how to load them. Default: "weights.pt" and "model.py". */
  readonly files?: { readonly weights: string; readonly program: string };
  /** Lines for the program: what the input is, what the outputs mean. Default: none. */
  readonly notes?: readonly string[];
  /** The front end of a model of sound, which the program then has as a class of its own. Default: none. */
  readonly frontEnd?: FrontEndOptions;
}

const OPTIONS: OptionNames<PytorchOptions> = { files: true, notes: true, frontEnd: true };

/** A network in PyTorch's form. */
export interface PytorchExport {
  /** By PyTorch's names, in the order of `state_dict()`. Kernels have outputs first, and images are channels first. */
  readonly tensors: ReadonlyMap<string, NumericArray>;
  /** The name of the module's class. */
  readonly className: string;
  /** A Python program with the module; it imports nothing but torch and Python's own. */
  readonly program: string;
  /** The tensors as `torch.save` writes them, or as safetensors. */
  weights(format: "pt" | "safetensors"): Uint8Array<ArrayBuffer>;
}

/**
 * Writes a network for PyTorch. `model.load_state_dict(torch.load("weights.pt"))` takes the tensors, strictly, and the module's outputs are
 * those of the network, whose last activation is included if the network has one. Its input is channels first: `[N, C, H, W]` for
 * `[N, H, W, C]`.
 * @throws AuricleError "unsupported" naming every layer that PyTorch has no counterpart for
 */
export function exportPytorch(network: InferenceNetwork, options: PytorchOptions = {}): PytorchExport {
  checkOptions("exportPytorch", options, OPTIONS, "network, ");
  const { files = { weights: "weights.pt", program: "model.py" }, notes = [], frontEnd } = options;
  const view = torchView(network, "export");
  const own = network.getWeights();
  const tensors = new Map(view.tensors.map((tensor) => [tensor.key, toTorch(tensor, own)]));
  const usage = usageOf(network.name, files, frontEnd !== undefined);
  const { className, code } = pythonModule(network, view, { notes, usage, frontEnd });
  return {
    tensors,
    className,
    program: code,
    weights: (format) =>
      format === "pt"
        ? writeTorchArchive(tensors)
        : writeSafetensors(tensors, { format: "pt", [EXPORTED_FROM]: network.name }),
  };
}

function usageOf(
  name: string,
  { weights, program }: NonNullable<PytorchOptions["files"]>,
  hasFrontEnd: boolean,
): string[] {
  const module = program.replace(/\.py$/, "");
  const isSafe = weights.endsWith(".safetensors");
  const load = isSafe
    ? `load_file(${JSON.stringify(weights)})`
    : `torch.load(${JSON.stringify(weights)}, weights_only=True)`;
  return [
    `The network ${name}, exported by Auricle. Its weights are in ${weights}:`,
    "",
    ...(isSafe ? ["    from safetensors.torch import load_file"] : ["    import torch"]),
    `    from ${module} import ${hasFrontEnd ? `${FRONT_END_CLASS}, ` : ""}${classNameOf(name)}`,
    "",
    `    model = ${classNameOf(name)}()`,
    `    model.load_state_dict(${load})`,
    "    model.eval()",
    ...(hasFrontEnd ? [`    features = ${FRONT_END_CLASS}()(waveform)`] : []),
  ];
}
