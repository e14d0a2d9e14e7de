/** @file The description of a model in files that the library has written: its front end or pixels, and its classes. */
import { audioMetadata } from "../../audio-model/description.ts";
import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import { frontEnd } from "../../audio/front-end/index.ts";
import type { Task } from "../../data/collection/collection.ts";
import { AuricleError } from "../../errors.ts";
import { imageMetadata, type ImageDescription } from "../../image-model/description.ts";
import { reshape, withFirstLayers, withoutFinalActivation, type Json, type Network } from "../../nn/index.ts";
import { isCount } from "../../ops/window.ts";
import { sizeOf, type Shape } from "../../tensor/shape.ts";

interface Described {
  readonly network: Network;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly notes: readonly string[];
}

/** The network as files here describe it: with logits at its end. Files of other programs are left as they are. */
export function describedBy(properties: Readonly<Record<string, string>>, network: Network): Described {
  const { task, classNames } = properties;
  if (!isTask(task) || classNames === undefined) return { network, metadata: {}, notes: [] };
  try {
    const names = JSON.parse(classNames) as string[];
    if (properties.pixels !== undefined)
      return picture(properties.pixels, { task, classNames: names }, network);
    if (properties.frontEnd !== undefined) return sound(properties, { task, classNames: names }, network);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof AuricleError || error instanceof TypeError))
      throw error;
    return {
      network,
      metadata: {},
      notes: [`the file's description of the model cannot be read: ${error.message}`],
    };
  }
  return { network, metadata: {}, notes: [] };
}

/** The shape of the window that a file of the library was written for, batch left out, where its time is open. */
export function windowOf(
  properties: Readonly<Record<string, string>>,
  input: string,
  shape: readonly (number | string | undefined)[] | undefined,
): Shape | undefined {
  const length = Number(input === "waveform" ? properties.windowSamples : properties.windowFrames);
  if (properties.frontEnd === undefined || !shape || !isCount(length)) return undefined;
  const [time, ...rest] = shape.slice(1);
  const lengths = rest.filter((one) => typeof one === "number");
  return typeof time === "string" && lengths.length === rest.length ? [length, ...lengths] : undefined;
}

interface Answers {
  readonly task: Task;
  readonly classNames: readonly string[];
}

function isTask(task: string | undefined): task is Task {
  return task === "classification" || task === "tagging" || task === "regression";
}

function logitsOf(network: Network, task: Task): Network {
  return task === "regression" ? network : withoutFinalActivation(network).network;
}

function picture(text: string, answers: Answers, network: Network): Described {
  const pixels = JSON.parse(text) as ImageDescription["pixels"];
  return {
    network: logitsOf(network, answers.task),
    metadata: imageMetadata({ ...answers, pixels }),
    notes: [],
  };
}

function sound(properties: Readonly<Record<string, string>>, answers: Answers, given: Network): Described {
  const config = JSON.parse(properties.frontEnd) as FrontEndOptions;
  const network = logitsOf(given, answers.task);
  const heard = properties.heard === undefined ? {} : { heard: JSON.parse(properties.heard) as never };
  const isFromWaveform = given.inputNames[0] === "waveform";
  if (!isFromWaveform) {
    const [windowFrames] = network.inputShapes[0];
    return {
      network,
      metadata: audioMetadata({ ...answers, ...heard, frontEnd: config, windowFrames }),
      notes: [],
    };
  }
  const { sampleRate } = frontEnd(config);
  const samples = sizeOf(network.inputShapes[0]);
  const onSamples = withFirstLayers(network, [samples, 1], [reshape({ targetShape: [-1] })]);
  const notes = config.kind === "waveform" ? [] : [WITHIN];
  const metadata = audioMetadata({
    ...answers,
    ...heard,
    frontEnd: { kind: "waveform", sampleRate },
    windowFrames: samples,
  });
  return { network: onSamples, metadata, notes };
}

const WITHIN =
  "the front end is part of the network, which takes samples; a file that was exported from features on has it beside the network";
