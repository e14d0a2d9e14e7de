/** @file The parts of a model that are exported, what goes in and comes out, and how it is traced for inputs of any size. */
import { frontEnd, type FrontEnd } from "../../audio/front-end/index.ts";
import { requireFit, windowSamples } from "../../audio-model/network-fit.ts";
import {
  audioDescription,
  isAudioModelDescribed,
  type AudioDescription,
} from "../../audio-model/description.ts";
import { samplesForSteps } from "../../data/audio/features/samples-for-steps.ts";
import type { Task } from "../../data/collection/collection.ts";
import { AuricleError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import { constantTensor, inputTensor } from "../../graph/sources.ts";
import { withScope, type Tensor } from "../../graph/tensor.ts";
import { imageDescription, type ImageDescription } from "../../image-model/description.ts";
import type { InferenceModel } from "../../nn/inference-model.ts";
import { InferenceNetwork } from "../../nn/inference-network.ts";
import type { ModelOutputs } from "../../nn/per-output.ts";
import { planForInputs } from "../../nn/plan-for-inputs.ts";
import { sigmoid } from "../../ops/activation.ts";
import { add, multiply } from "../../ops/arithmetic.ts";
import { reshape } from "../../ops/reshape.ts";
import { softmax } from "../../ops/softmax.ts";
import { floatArray } from "../../tensor/array.ts";
import { FRONT_END_SCOPE } from "./emit.ts";
import { METADATA, soundMetadata, pictureMetadata, type Metadata } from "./metadata.ts";

/** A model as it is to be exported. */
export interface Subject {
  readonly name: string;
  /** The names of the inputs, and of their axes; an axis without a name has a fixed length. */
  readonly inputs: readonly { readonly name: string; readonly axes: readonly (string | undefined)[] }[];
  readonly outputs: readonly string[];
  readonly metadata: Metadata;
  /** The steps of time of a window; undefined where there is no time. */
  readonly time: number | undefined;
  /** Traces it on so many examples, of so many steps. */
  trace(batch: number, time: number | undefined): Graph;
}

/** A task's outputs by name. */
const OUTPUT_NAMES = {
  classification: "probabilities",
  tagging: "probabilities",
  regression: "values",
} as const;

type AnyModel = InferenceModel<ModelOutputs>;

/**
 * @param fromFeatures whether a model of sound begins after its front end
 * @throws AuricleError "argument" for features of a model that has none, "file" for a description that is not the network's.
 */
export function subjectOf(model: AnyModel, fromFeatures: boolean): Subject {
  if (isAudioModelDescribed(model.metadata)) return soundSubject(model, fromFeatures);
  if (fromFeatures) {
    throw new AuricleError(
      "argument",
      `export: ${model.name} has no front end: features are the input of models of sound; leave out from: "features"`,
    );
  }
  if ("image" in model.metadata || "classNames" in model.metadata) return pictureSubject(model);
  return plainSubject(model);
}

function soundSubject(model: AnyModel, fromFeatures: boolean): Subject {
  const { network, name } = model;
  const description = audioDescription(model.metadata, name);
  requireFit(model, description, name);
  const front = frontEnd(description.frontEnd);
  const samples = windowSamples(model, description, front, name);
  const isWaveform = front.config.kind === "waveform";
  const [, ...step] = network.inputShapes[0];
  const networks = new NetworksByTime(network);
  const trace = (batch: number, time = description.windowFrames): Graph => {
    const shape = fromFeatures
      ? [batch, time, ...step]
      : [batch, samplesFor(front, time, description, samples)];
    const input = inputTensor(shape, "float32");
    const waveform = fromFeatures ? input : reshape(input, [...shape, 1]);
    const features =
      fromFeatures || isWaveform ? waveform : withScope(FRONT_END_SCOPE, () => front.apply(waveform));
    const raw = networks.of(time).apply([features], { training: false });
    return { inputs: [input], outputs: [answer(raw, description)], assignments: [] };
  };
  return {
    name,
    inputs: [
      fromFeatures
        ? { name: "features", axes: ["batch", "time", ...step.map(() => undefined)] }
        : { name: "waveform", axes: ["batch", "samples"] },
    ],
    outputs: [OUTPUT_NAMES[description.task]],
    metadata: soundMetadata(description, { fromFeatures, samples }),
    time: description.windowFrames,
    trace,
  };
}

function samplesFor(
  front: FrontEnd,
  time: number,
  { windowFrames }: AudioDescription,
  samples: number,
): number {
  return time === windowFrames ? samples : samplesForSteps(front, time);
}

function pictureSubject(model: AnyModel): Subject {
  const description = imageDescription(model, model.name);
  const { width, height, channels } = description.pixels;
  return {
    name: model.name,
    inputs: [{ name: "image", axes: ["batch", undefined, undefined, undefined] }],
    outputs: [OUTPUT_NAMES[description.task]],
    metadata: pictureMetadata(description),
    time: undefined,
    trace(batch) {
      const input = inputTensor([batch, height, width, channels], "float32");
      const raw = model.network.apply([input], { training: false });
      return { inputs: [input], outputs: [answer(raw, description)], assignments: [] };
    },
  };
}

/** A network by itself: its outputs as they are. */
function plainSubject({ name, network }: AnyModel): Subject {
  const names = distinct([...network.inputs, ...network.outputs].map(({ name: own }) => own));
  return {
    name,
    inputs: network.inputs.map(({ shape }, i) => ({
      name: names[i],
      axes: ["batch", ...shape.map(() => undefined)],
    })),
    outputs: names.slice(network.inputs.length),
    metadata: METADATA,
    time: undefined,
    trace(batch) {
      const inputs = network.inputShapes.map((shape) => inputTensor([batch, ...shape], "float32"));
      return { inputs, outputs: network.applyAll(inputs, { training: false }), assignments: [] };
    },
  };
}

/** The same names, with a number added to those that came before: a network may call an input and a layer alike, an ONNX file may not. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let i = 2; taken.has(own); i++) own = `${name}_${i}`;
    taken.add(own);
    return own;
  });
}

/** A model's answer from its network's outputs, as it gives it to predictions. */
function answer(raw: Tensor, { task, targetScale }: AudioDescription | ImageDescription): Tensor {
  const byTask: Readonly<Record<Task, () => Tensor>> = {
    classification: () => softmax(raw),
    tagging: () => sigmoid(raw),
    regression: () => (targetScale ? scaled(raw, targetScale) : raw),
  };
  return byTask[task]();
}

function scaled(raw: Tensor, scale: NonNullable<AudioDescription["targetScale"]>): Tensor {
  const vector = (values: readonly number[]) => constantTensor(floatArray(values, [values.length]));
  return add(
    multiply(raw, vector(scale.map(({ deviation }) => deviation))),
    vector(scale.map(({ mean }) => mean)),
  );
}

/** A network for inputs of other lengths of time, with the same weights. */
class NetworksByTime {
  private readonly network: InferenceNetwork;
  private readonly weights: ReturnType<InferenceNetwork["getWeights"]>;
  private readonly made = new Map<number, InferenceNetwork>();

  constructor(network: InferenceNetwork) {
    this.network = network;
    this.weights = network.getWeights();
    const [[time]] = network.inputShapes;
    this.made.set(time, network);
  }

  /** @throws AuricleError "shape" or "argument" where the network's layers or weights need another length. */
  of(time: number): InferenceNetwork {
    const known = this.made.get(time);
    if (known) return known;
    const { network, weights } = this;
    const [[, ...step], ...others] = network.inputShapes;
    const made = new InferenceNetwork(planForInputs(network, [[time, ...step], ...others]), weights);
    this.made.set(time, made);
    return made;
  }
}
