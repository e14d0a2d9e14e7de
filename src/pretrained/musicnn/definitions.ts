/** @file The models of the Python package musicnn. Browser-safe. */

import { FRONT_END_PRESETS } from "../../audio/front-end/presets.ts";
import { audioMetadata } from "../../audio-model/description.ts";
import { readCheckpointIndex, readVariable, shardName } from "../../formats/tf-checkpoint/index.ts";
import { AUDIO_MODELS } from "../../models/audio-models.ts";
import { Model, type Network } from "../../nn/index.ts";
import type { PackageFiles, PretrainedDefinition, PretrainedGroup, PythonPackage } from "../definition.ts";
import { MAGNATAGATUNE_TAGS, MILLION_SONG_TAGS } from "./tags.ts";
import { musicnnVgg } from "./vgg.ts";
import { setMusicnnWeights, setVggWeights, type ReadVariable } from "./weights.ts";

const MUSICNN: PythonPackage = {
  name: "musicnn",
  version: "0.1.0",
  file: "musicnn-0.1.0-py3-none-any.whl",
  url: "https://files.pythonhosted.org/packages/1b/6f/38229e7d99c438e11114bbfa39c8c39185458c398011d0b6d7d7c7401617/musicnn-0.1.0-py3-none-any.whl",
  bytes: 29_292_476,
  sha256: "f38a4890c648c1ddbb141c5d96d2b0a8cfcd36746002d896989f7b88beb65cfa",
  licenceFile: "musicnn-0.1.0.dist-info/LICENSE.md",
};

/** One of the networks of the package, without its weights. */
interface Architecture {
  build(classes: number): Network;
  setWeights(network: Network, read: ReadVariable): void;
  readonly bytes: number;
}

const ARCHITECTURES = {
  musicnn: {
    build: (classes) => AUDIO_MODELS.musicnn.build({ classes }),
    setWeights: setMusicnnWeights,
    bytes: 3_170_000,
  },
  vgg: { build: musicnnVgg, setWeights: setVggWeights, bytes: 2_430_000 },
} satisfies Record<string, Architecture>;

/** A data set that networks of the package were trained on. */
interface TrainingData {
  /** Before the network's name in the package. */
  readonly prefix: "MTT" | "MSD";
  readonly title: string;
  readonly names: readonly string[];
  readonly tags: readonly string[];
}

const MAGNATAGATUNE: TrainingData = {
  prefix: "MTT",
  title: "instruments, voices and styles",
  names: ["MagnaTagATune"],
  tags: MAGNATAGATUNE_TAGS,
};

const MILLION_SONG: TrainingData = {
  prefix: "MSD",
  title: "genres, decades and moods",
  names: ["Million Song Dataset", "Last.fm"],
  tags: MILLION_SONG_TAGS,
};

const CITATION =
  "Pons, Serra 2019: musicnn: Pre-trained convolutional neural networks for music audio tagging, arXiv:1909.06654";

function definition(
  name: string,
  architecture: keyof typeof ARCHITECTURES,
  data: TrainingData,
): PretrainedDefinition {
  const { build, setWeights, bytes }: Architecture = ARCHITECTURES[architecture];
  return {
    name,
    title: `${data.tags.length} tags: ${data.title}`,
    trainedOn: data.names,
    licence: "ISC",
    citation: CITATION,
    homepage: "https://github.com/jordipons/musicnn",
    package: MUSICNN,
    approximateBytes: bytes,
    convert(files) {
      const network = build(data.tags.length);
      setWeights(network, variablesOf(files, `musicnn/${data.prefix}_${architecture}/`));
      const model = new Model(network);
      model.metadata = audioMetadata({
        task: "tagging",
        classNames: data.tags,
        frontEnd: FRONT_END_PRESETS.musicnn,
        windowFrames: network.inputs[0].shape[0],
      });
      return model;
    },
  };
}

/** @param prefix the path of a checkpoint in the package, without its ending */
function variablesOf(files: PackageFiles, prefix: string): ReadVariable {
  const checkpoint = readCheckpointIndex(files.read(`${prefix}.index`), `${MUSICNN.file}/${prefix}.index`);
  const shards = Array.from({ length: checkpoint.shards }, (_, shard) =>
    files.read(prefix + shardName(shard, checkpoint.shards)),
  );
  return (name) => readVariable(checkpoint, name, shards);
}

export const MUSICNN_MODELS: readonly PretrainedDefinition[] = [
  definition("musicnn-mtt", "musicnn", MAGNATAGATUNE),
  definition("musicnn-msd", "musicnn", MILLION_SONG),
  definition("vgg-mtt", "vgg", MAGNATAGATUNE),
  definition("vgg-msd", "vgg", MILLION_SONG),
];

/** Both musicnn side by side. Its package takes MagnaTagATune's where none is named. */
export const MUSICNN_GROUP: PretrainedGroup = {
  name: "musicnn",
  title: "both musicnn, for features side by side",
  members: ["musicnn-mtt", "musicnn-msd"],
};
