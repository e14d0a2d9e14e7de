/** @file An imported network as a model of this library: what it takes, what its outputs are called, and logits at its end. */
import { frontEnd, type FrontEnd } from "../../audio/front-end/index.ts";
import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import { audioMetadata } from "../../audio-model/index.ts";
import type { Task } from "../../data/collection/collection.ts";
import { AuricleError } from "../../errors.ts";
import { imageMetadata } from "../../image-model/index.ts";
import {
  flatten,
  Model,
  normalization,
  permute,
  reshape,
  withFirstLayers,
  withLastLayer,
  withoutFinalActivation,
  type FinalActivation,
  type Json,
  type Network,
} from "../../nn/index.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../../tensor/shape.ts";
import type { Imported } from "./importer.ts";
import type { PixelScale } from "./pixel-scale.ts";

/** The facts about a network that its file may not tell. */
export interface Description {
  readonly classNames?: readonly string[];
  /** How many outputs there are to be, without names for them. */
  readonly classes?: number;
  readonly task?: Task;
  /** The features that a model of sound takes. */
  readonly frontEnd?: FrontEndOptions;
  /** How a network of pictures takes pixels. */
  readonly scale?: PixelScale;
}

/** A model that is ready to be written. */
export interface DescribedModel {
  readonly model: Model;
  /** The kind of files that commands take for it; "none" for a network by itself. */
  readonly kind: "sound" | "images" | "none";
  readonly task: Task | undefined;
  readonly classNames: readonly string[];
  /** Sentences on what was assumed and changed, those of the importer first. */
  readonly notes: readonly string[];
}

/** @throws AuricleError "argument" where what was given does not fit the network. */
export function describeImported(imported: Imported, given: Description, path: string): DescribedModel {
  const notes = [...imported.notes];
  checkCount(imported.network, given, path);
  const own = ownDescription(imported, given);
  if (own) {
    const model = new Model(imported.network);
    model.metadata = own.metadata;
    return { ...own, model, notes };
  }
  if (!canBeDescribed(imported.network)) return byItself(imported, given, path, notes);
  const sounds = given.frontEnd && frontEnd(given.frontEnd);
  if (!sounds && !isPicture(imported.network.inputShapes[0])) return byItself(imported, given, path, notes);
  const { network, removed } = withoutFinalActivation(withFlatOutput(imported.network));
  const task = given.task ?? taskOf(removed);
  const classNames = namesOf(network, given.classNames ?? imported.classNames, task, path, notes);
  if (removed) notes.push(`the last ${removed} is left out of the network: answers make it of logits`);
  else if (task !== "regression")
    notes.push(
      `the outputs are taken for logits, of which answers make ${task === "tagging" ? "tags" : "classes"}`,
    );
  const described = sounds
    ? describeSound(network, sounds, { task, classNames }, path, notes)
    : describePicture(network, given.scale, { task, classNames }, notes);
  return { ...described, task, classNames, notes };
}

/** @throws AuricleError "argument" where the network has another number of outputs than was said. */
function checkCount({ outputs }: Network, { classes }: Description, path: string): void {
  const count = outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (classes === undefined || count === classes) return;
  throw new AuricleError(
    "argument",
    `${path}: the network has ${count} outputs, and --classes says ${classes}`,
  );
}

interface Outputs {
  readonly task: Task;
  readonly classNames: readonly string[];
}

/** The description that a file has itself, with other names where they were given. */
function ownDescription({ metadata }: Imported, given: Description) {
  for (const [key, kind] of [
    ["audio", "sound"],
    ["image", "images"],
  ] as const) {
    const described = metadata[key];
    if (typeof described !== "object" || described === null || Array.isArray(described)) continue;
    const one = described as { readonly [name: string]: Json };
    const names = given.classNames ?? (one.classNames as readonly string[]);
    const changed = { ...metadata, [key]: { ...one, classNames: names } };
    return { metadata: changed, kind, task: one.task as Task, classNames: names };
  }
  return undefined;
}

function canBeDescribed(network: Network): boolean {
  return network.inputs.length === 1 && network.outputs.length === 1;
}

function isPicture(shape: Shape): boolean {
  return shape.length === 3 && (shape[2] === 1 || shape[2] === 3);
}

function byItself(
  { network, metadata }: Imported,
  given: Description,
  path: string,
  notes: string[],
): DescribedModel {
  const asked = Object.entries(given).find(([name, value]) => name !== "classes" && value !== undefined);
  const takes = network.inputs.map(({ name, shape }) => `${name} ${formatShape(shape)}`).join(" and ");
  if (asked) {
    throw new AuricleError(
      "argument",
      `${path}: has ${network.outputs.length} outputs and takes ${takes}: it can be described as a model of sound with ` +
        "--front-end or --rate, or, with one input [height,width,1 or 3], of pictures; leave out the other options to get the network by itself",
    );
  }
  notes.push(
    `the network takes ${takes} and is written by itself: programs can use it, and predict takes it once --front-end or --rate say what sound becomes its input`,
  );
  const model = new Model(network);
  model.metadata = metadata;
  return { model, kind: "none", task: undefined, classNames: [], notes };
}

function taskOf(removed: FinalActivation | undefined): Task {
  return removed === "sigmoid" ? "tagging" : "classification";
}

/** A network whose output is a list of numbers: other axes of it have length 1. */
function withFlatOutput(network: Network): Network {
  const shape = network.outputShape;
  return shape.length === 1 || sizeOf(shape) > Math.max(...shape)
    ? network
    : withLastLayer(network, flatten());
}

function namesOf(
  network: Network,
  names: readonly string[] | undefined,
  task: Task,
  path: string,
  notes: string[],
): readonly string[] {
  const { outputShape } = network;
  const count = sizeOf(outputShape);
  if (outputShape.length !== 1) {
    throw new AuricleError(
      "argument",
      `${path}: the output must be one number for each class, tag or value; it is ${formatShape(outputShape)}`,
    );
  }
  if (!names) {
    notes.push(
      `the file names no outputs: they are called ${count === 1 ? "0" : `0 to ${count - 1}`}; name them by --classes`,
    );
    return Array.from({ length: count }, (_, i) => String(i));
  }
  if (names.length === count) return names;
  throw new AuricleError(
    "argument",
    `${path}: the network has ${count} outputs, which need as many names for ${task}; got ${names.length}`,
  );
}

function describeSound(given: Network, front: FrontEnd, outputs: Outputs, path: string, notes: string[]) {
  const network = withChannelAxis(given, front);
  const [input] = network.inputShapes;
  const features = featuresLike(front, input);
  if (!features) {
    throw new AuricleError(
      "argument",
      `${path}: takes ${formatShape(input)}, and the front end gives [time,${stepOf(front).join()}]: choose another by --front-end`,
    );
  }
  const made = sameShape(features, input)
    ? network
    : withFirstLayers(network, features, [permute({ dims: orderFrom(features, input) })]);
  if (made !== network)
    notes.push("the features' axes of time and frequency are exchanged before the network");
  const model = new Model(made);
  model.metadata = audioMetadata({ ...outputs, frontEnd: front.config, windowFrames: features[0] });
  return { model, kind: "sound" as const };
}

/** Samples without an axis for their one channel get it: windows of waveforms have it. */
function withChannelAxis(network: Network, { config }: FrontEnd): Network {
  const [input] = network.inputShapes;
  if (config.kind !== "waveform" || input.length !== 1) return network;
  return withFirstLayers(network, [...input, 1], [reshape({ targetShape: [-1] })]);
}

function stepOf(front: FrontEnd): Shape {
  return front.outputShape(Math.max(front.hopLength * 4, front.sampleRate)).slice(1);
}

/** The features' shape, time first, that holds the numbers of a network's input; undefined where there is none. */
function featuresLike(front: FrontEnd, input: Shape): Shape | undefined {
  const step = stepOf(front);
  if (input.length !== step.length + 1) return undefined;
  if (sameShape(input.slice(1), step)) return input;
  const [first, second, ...rest] = input;
  return sameShape([first, ...rest], step) ? [second, first, ...rest] : undefined;
}

/** Exchanges the first two axes, as {@link featuresLike} did; counted from 1. */
function orderFrom(features: Shape, input: Shape): number[] {
  const axes = input.map((_, axis) => axis + 1);
  return sameShape(features, input) ? axes : [2, 1, ...axes.slice(2)];
}

function describePicture(network: Network, scale: PixelScale | undefined, outputs: Outputs, notes: string[]) {
  const [shape] = network.inputShapes;
  const [height, width, channels] = shape;
  if (!scale) {
    notes.push(
      "pixels come to the network from 0 to 1; where it was trained on others, name them by --scale",
    );
  }
  const made = scale
    ? withFirstLayers(network, shape, [normalization(statisticsOf(scale, channels))])
    : network;
  const model = new Model(made);
  const pixels = {
    width,
    height,
    channels: channels === 3 ? 3 : 1,
    fit: "crop",
    background: [255, 255, 255],
  } as const;
  model.metadata = imageMetadata({ ...outputs, pixels });
  return { model, kind: "images" as const };
}

function statisticsOf({ mean, deviation }: PixelScale, channels: number) {
  const each = (values: readonly number[]) => {
    if (values.length === 1 || values.length === channels) return values.length === 1 ? values[0] : values;
    throw new AuricleError(
      "argument",
      `--scale: needs one number, or one for each of ${channels} channels; got ${values.length}`,
    );
  };
  const variance = each(deviation.map((value) => value * value));
  return { mean: each(mean), variance };
}
