/** @file Compiles a model for the web: a plan, and one binary file with its machine code, constants and weights. Browser-safe. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { blockGraphs, BLOCK_FRAMES, type BlockGraph } from "../audio/front-end/block-graphs.ts";
import { frontEnd } from "../audio/front-end/index.ts";
import type { FrontEnd } from "../audio/front-end/front-end.ts";
import { stagesOf } from "../audio/front-end/stages-of.ts";
import { RANGE_SPECTRUM } from "../audio/sound-range.ts";
import { listenerOf } from "../audio-model/audio-model.ts";
import { audioDescription, isAudioModelDescribed } from "../audio-model/description.ts";
import { requireFit, windowSamples } from "../audio-model/network-fit.ts";
import { compileAhead, type AheadProgram, type AheadPrograms } from "../graph/ahead.ts";
import type { Graph } from "../graph/graph.ts";
import { inputTensor } from "../graph/sources.ts";
import { imageDescription } from "../image-model/description.ts";
import type { InferenceModel } from "../nn/inference-model.ts";
import type { InferenceNetwork } from "../nn/inference-network.ts";
import { sizeOf } from "../tensor/shape.ts";
import {
  PLAN_FORMAT,
  PLAN_VERSION,
  type PicturePlan,
  type PlanData,
  type PlanFeatures,
  type PlanFrames,
  type PlanOf,
  type PlanProgram,
  type SoundPlan,
  type WeightForm,
} from "../web-runtime/plan.ts";
import { store } from "../web-runtime/stored-numbers.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { storedForm } from "./weight-forms.ts";

export interface WebModel<Input = SoundPlan | PicturePlan> {
  readonly plan: PlanOf<Input>;
  readonly binary: Uint8Array<ArrayBuffer>;
}

/** Examples that a network answers to at once: one, as a microphone gives them, or several windows of a recording. */
const BATCHES = [1, 8] as const;

export interface WebOptions {
  /** The heading of the page. */
  readonly title: string;
  /** The form that weights are kept in; they are computed with as float32. */
  readonly weights: WeightForm;
}

/**
 * Compiles a model of sound or pictures ahead of time, for plain WebAssembly.
 * @throws AuricleError "file" for a model that describes no input, or whose description is not its network's
 */
export function compileForWeb(model: InferenceModel, options: WebOptions): WebModel {
  return isAudioModelDescribed(model.metadata)
    ? compileSound(model, options)
    : compilePictures(model, options);
}

function compileSound(model: InferenceModel, options: WebOptions): WebModel<SoundPlan> {
  const description = audioDescription(model.metadata, model.name);
  requireFit(model, description, model.name);
  const front = frontEnd(description.frontEnd);
  const minimumSamples = windowSamples(model, description, front, model.name);
  const { heard } = description;
  const stages = stageGraphs(front);
  const measured = heard && stageGraphs(frontEnd(RANGE_SPECTRUM));
  const blocks = [...(stages?.graphs ?? []), ...(measured?.graphs ?? [])];
  const compiled = compileAhead([...networkGraphs(model.network), ...blocks.map(({ graph }) => graph)]);
  const writer = new PlanWriter(compiled, model.network, options.weights);
  const frames = compiled.programs
    .slice(BATCHES.length)
    .map((program, i): PlanFrames => ({ ...writer.program(program), ...sizesOf(blocks[i]) }));
  const count = stages?.graphs.length ?? 0;
  const [, ...step] = model.network.inputShapes[0];
  const input: SoundPlan = {
    kind: "sound",
    sampleRate: front.sampleRate,
    hopLength: front.hopLength,
    windowFrames: description.windowFrames,
    minimumSamples,
    step,
    ...(stages && { frontEnd: stages.plan(frames.slice(0, count)) }),
    ...(heard &&
      measured && {
        heard: {
          trained: heard,
          listener: listenerOf(front.config, model),
          spectrum: measured.plan(frames.slice(count)),
        },
      }),
  };
  return writer.finish(options.title, description, input);
}

function compilePictures(model: InferenceModel, options: WebOptions): WebModel<PicturePlan> {
  const { name, network } = model;
  const description = imageDescription(model, name);
  const writer = new PlanWriter(compileAhead(networkGraphs(network)), network, options.weights);
  return writer.finish(options.title, description, { kind: "picture", pixels: description.pixels });
}

function networkGraphs(network: InferenceNetwork): Graph[] {
  network.refresh();
  return BATCHES.map((batch) => {
    const inputs = network.inputShapes.map((shape) => inputTensor([batch, ...shape], "float32"));
    return { inputs, outputs: [network.apply(inputs, { training: false })], assignments: [] };
  });
}

interface StageGraphs {
  readonly graphs: readonly BlockGraph[];
  /** The front end's part of a plan, of its programs in the order of the graphs. */
  plan(programs: readonly PlanFrames[]): PlanFeatures;
}

/** Waveforms have no stages. */
function stageGraphs({ config }: FrontEnd): StageGraphs | undefined {
  if (config.kind === "waveform") return undefined;
  const stages = stagesOf(config);
  const graphs = Object.entries(blockGraphs(stages, BLOCK_FRAMES));
  const { framing, analyzed, level, deltas } = stages;
  return {
    graphs: graphs.map(([, graph]) => graph as BlockGraph),
    plan(programs) {
      const layout = { framing, analyzed, ...(level && { level }), deltas };
      const byName = Object.fromEntries(graphs.map(([name], i) => [name, programs[i]]));
      const { analysis, ...others } = byName;
      return { layout, analysis, ...others };
    },
  };
}

function sizesOf({ blockFrames, perFrame }: BlockGraph): Pick<PlanFrames, "blockFrames" | "perFrame"> {
  return { blockFrames, perFrame };
}

/** Writes the binary file while the plan is made. */
class PlanWriter {
  private readonly writer = new BinaryWriter();
  private readonly compiled: AheadPrograms;
  private readonly data: PlanData[] = [];
  private readonly networks: readonly (PlanProgram & { readonly batch: number })[];

  constructor(compiled: AheadPrograms, network: InferenceNetwork, form: WeightForm) {
    this.compiled = compiled;
    this.networks = BATCHES.map((batch, i) => ({ batch, ...this.program(compiled.programs[i]) }));
    for (const { address, words, data } of compiled.constants) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const [at] = this.writer.append(bytes.slice());
      this.data.push({ to: [address, words], at, form: "float32" });
    }
    this.appendWeights(network, form);
  }

  program({ module, inputs: [input], outputs: [output], preparation, steps }: AheadProgram): PlanProgram {
    return {
      module: this.writer.append(module),
      input: [input.address, input.words],
      output: [output.address, output.words],
      preparation: preparation.map(planStep),
      steps: steps.map(planStep),
    };
  }

  finish<Input>(
    name: string,
    { task, classNames, targetScale }: Pick<PlanOf<Input>, "task" | "classNames" | "targetScale">,
    input: Input,
  ): WebModel<Input> {
    const binary = this.writer.finish();
    const hash = bytesToHex(sha256(binary));
    const { bytes, threadBytes } = this.compiled;
    const plan: PlanOf<Input> = {
      format: PLAN_FORMAT,
      version: PLAN_VERSION,
      name,
      task,
      classNames,
      ...(targetScale && { targetScale }),
      input,
      networks: this.networks,
      memory: { bytes, threadBytes },
      data: this.data,
      binary: { file: `model-${hash.slice(0, 8)}.bin`, bytes: binary.length, sha256: hash },
    };
    return { plan, binary };
  }

  private appendWeights(network: InferenceNetwork, form: WeightForm): void {
    const weights = network.getWeights();
    for (const { slab, address, words } of this.compiled.slabs) {
      const entries = network.weights.filter(({ trainable }) =>
        trainable ? slab === network.parameters : slab === network.statistics,
      );
      if (entries.length === 0)
        throw new RangeError(`slab ${slab.name} of ${words} words: not the network's`);
      for (const { path, shape, offset } of entries) {
        const values = weights.get(path);
        if (!values) throw new RangeError(`weight ${path}: missing`);
        const stored = storedForm(shape, form);
        const [at] = this.writer.append(store(values.data, stored));
        const to = [address + offset * Float32Array.BYTES_PER_ELEMENT, sizeOf(shape)] as const;
        this.data.push({ to, at, ...stored });
      }
    }
  }
}

function planStep({ kernel, units, leastUnits, pointers }: AheadProgram["steps"][number]): readonly number[] {
  return [kernel, units, leastUnits, ...pointers];
}
