/** @file A model of Teachable Machine as one of this library: with what its own page does before and after the network. */
import { frontEnd } from "../../audio/front-end/index.ts";
import { audioMetadata } from "../../audio-model/index.ts";
import { AuricleError } from "../../errors.ts";
import {
  analyserFrontEnd,
  PIXEL_SCALE,
  SOUND_EPSILON,
  type TeachableMachineExport,
} from "../../formats/teachable-machine/export-metadata.ts";
import { imageMetadata } from "../../image-model/index.ts";
import {
  exampleNormalization,
  rescaling,
  withFirstLayers,
  withoutFinalActivation,
  type Network,
} from "../../nn/index.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { Imported } from "./importer.ts";

/** @throws AuricleError "file" where the network does not take what Teachable Machine gives its models. */
export function asTeachableMachine(
  imported: Imported,
  machine: TeachableMachineExport,
  file: string,
): Imported {
  const { classNames, kind } = machine;
  const facts = { ...imported.facts, teachableMachine: kind };
  if (kind === "poses") {
    const note = "the network takes PoseNet's numbers, which nothing here computes";
    return { ...imported, facts, notes: [...imported.notes, note] };
  }
  const { network, removed } = withoutFinalActivation(imported.network);
  const outputs = network.outputShape;
  if (removed !== "softmax" || outputs.length !== 1 || outputs[0] !== classNames.length) {
    throw new AuricleError(
      "file",
      `${file}: must end with a softmax over the ${classNames.length} classes of its metadata; its output is ` +
        `${formatShape(outputs)}${removed === "softmax" ? "" : " without one"}`,
    );
  }
  const described = kind === "sound" ? sound(network, classNames, file) : pictures(network, classNames, file);
  return { ...imported, ...described, facts, notes: [...imported.notes, ...described.notes] };
}

function sound(network: Network, classNames: readonly string[], file: string) {
  const [input] = network.inputShapes;
  const [frames, bins, channels] = input;
  if (input.length !== 3 || channels !== 1 || bins > 1025) throw misfit(file, "[time,frequency,1]", input);
  const { config } = frontEnd(analyserFrontEnd(bins));
  return {
    network: withFirstLayers(network, input, [exampleNormalization({ epsilon: SOUND_EPSILON })]),
    metadata: audioMetadata({ task: "classification", classNames, frontEnd: config, windowFrames: frames }),
    notes: [
      "a model of Teachable Machine: it hears what its own page computes from the microphone, from recordings; the page leaves out " +
        "moments of digital silence, which count as -160 dB here",
    ],
  };
}

function pictures(network: Network, classNames: readonly string[], file: string) {
  const [input] = network.inputShapes;
  const [height, width, channels] = input;
  if (input.length !== 3 || (channels !== 1 && channels !== 3))
    throw misfit(file, "[height,width,1 or 3]", input);
  const pixels = { width, height, channels, fit: "crop", background: [255, 255, 255] } as const;
  return {
    network: withFirstLayers(network, input, [rescaling(PIXEL_SCALE)]),
    metadata: imageMetadata({ task: "classification", classNames, pixels }),
    notes: [
      "a model of Teachable Machine: pictures are cropped to their middle and their bytes divided by 127 less 1, as its own page does",
    ],
  };
}

function misfit(file: string, wanted: string, came: readonly number[]): AuricleError {
  return new AuricleError(
    "file",
    `${file}: a model of this kind takes ${wanted}; it takes ${formatShape(came)}`,
  );
}
