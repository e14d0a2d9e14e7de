/** @file A compiled model's training: its programs, its optimizer's state, and one step. */
import { AuricleError } from "../../errors.ts";
import type { CompiledGraph } from "../../graph/compiled-graph.ts";
import { Slab } from "../../graph/slab.ts";
import { deriveKey } from "../../random/generator.ts";
import type { CallbackState } from "../callbacks/index.ts";
import type { Metric } from "../metrics/index.ts";
import type { Network } from "../network.ts";
import type { Optimizer } from "../optimizers/index.ts";
import { updateRanges } from "../optimizers/ranges.ts";
import { UpdateProgram } from "../optimizers/update-program.ts";
import { constraintProgram } from "./constraint-program.ts";
import { metricOf } from "./model-metrics.ts";
import { compileOptions, type EngineOptions } from "./engine-options.ts";
import { StepPrograms, type StepProgram } from "./step-programs.ts";
import type { TrainedOutput } from "./trained-outputs.ts";

export interface TrainerOptions {
  readonly optimizer: Optimizer;
  readonly outputs: readonly TrainedOutput[];
  readonly engine: EngineOptions;
}

/** One step's figures. When one of them is not finite, nothing was changed unless that was wanted. */
export interface StepResult {
  readonly loss: number;
  /** Not finite when a gradient is not, or when the loss is not and the gradients were not looked at. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}

/** A saved callback's state with its name. */
export interface NamedCallbackState {
  readonly name: string;
  readonly state: CallbackState;
}

/**
 * Columns of equal length: "epoch" (from 0), "loss", the metrics, "valLoss", …, "learningRate". Figures of one of several
 * outputs have its name before theirs: "genre_loss", "genre_accuracy", "val_genre_loss".
 */
export type History = Record<string, number[]>;

/** The state that a training changes, as copies. */
export interface TrainerSnapshot {
  readonly parameters: Float32Array;
  readonly statistics: Float32Array;
  readonly slots: readonly Float32Array[];
  readonly step: number;
  readonly learningRateOverride: number | undefined;
}

/** The programs that follow the gradients in a step, for the layers that were frozen when they were compiled. */
interface UpdatePrograms {
  readonly frozen: string;
  readonly optimizer: UpdateProgram;
  readonly constraints: CompiledGraph | undefined;
}

export class Trainer {
  readonly network: Network;
  readonly optimizer: Optimizer;
  /** Those that have a loss. */
  readonly outputs: readonly TrainedOutput[];
  readonly engine: EngineOptions;
  readonly programs: StepPrograms;
  /** The optimizer's state, each slab laid out as the parameters. */
  readonly slots: readonly Slab[];
  /** Updates made so far. */
  step = 0;
  /** Epochs done by the last `fit`, those before `initialEpoch` included. */
  epoch = 0;
  history: History = {};
  /** The rate that a callback or the user has set; it replaces the optimizer's schedule. */
  learningRateOverride: number | undefined;
  /** The callbacks' states as of the last whole epoch. */
  callbackStates: readonly NamedCallbackState[] = [];
  /** A `fit` is going on. */
  busy = false;
  private update: UpdatePrograms | undefined;

  constructor(network: Network, { optimizer, outputs, engine }: TrainerOptions) {
    this.network = network;
    this.optimizer = optimizer;
    this.outputs = outputs;
    this.engine = engine;
    this.programs = new StepPrograms(network, outputs, engine);
    this.slots = optimizer.slots.map(
      (name) => new Slab(`${network.name}/${name}`, network.parameters.length),
    );
    // Both find unknown names now.
    this.newMetrics();
    for (const layer of Object.keys(optimizer.layerRates ?? {})) network.layerNamed(layer);
  }

  /** @throws AuricleError "argument" while a `fit` is going on. */
  checkIdle(): void {
    if (!this.busy) return;
    throw new AuricleError("argument", `${this.network.name}: fit is already running; await it first`);
  }

  /** The learning rate of the next update. */
  get learningRate(): number {
    return this.learningRateOverride ?? this.optimizer.schedule.at(this.step);
  }

  set learningRate(value: number) {
    this.learningRateOverride = value;
  }

  /**
   * The only trained output.
   * @throws AuricleError "argument" for a model that is trained on several: those who use it look at one.
   */
  get output(): TrainedOutput {
    const [output, ...others] = this.outputs;
    if (others.length === 0) return output;
    const names = this.outputs.map(({ name }) => name).join(", ");
    throw new AuricleError(
      "argument",
      `${this.network.name}: must be trained on one output here; it is trained on ${names}`,
    );
  }

  /** New metrics for each output. */
  newMetrics(): Metric[][] {
    return this.outputs.map(({ metrics, loss, shape }) =>
      metrics.map((metric) => {
        const made = metricOf(metric, loss, shape);
        made.reset();
        return made;
      }),
    );
  }

  /** Puts the random key of the next step in its place: the same step always drops the same units. */
  prepareRandomKey(): void {
    this.programs.setRandomKey(deriveKey(this.network.seed, "step", this.step));
  }

  /**
   * One step on the batch that the program holds. When loss or gradients are not finite the weights stay as they
   * were, unless `evenIfNotFinite`.
   */
  trainStep(program: StepProgram, evenIfNotFinite = false): StepResult {
    const before = this.computeGradients(program);
    return this.applyGradients(program.compiled.output(0).data[0], before, evenIfNotFinite);
  }

  /**
   * The first half of a step: gradients in their slab, and new running statistics.
   * @param program undefined where there are no examples
   * @returns the statistics as they were
   */
  computeGradients(program: StepProgram | undefined): Float32Array {
    const before = this.prepareStep();
    program?.compiled.run();
    return before;
  }

  /** Does the work before a step's program. @returns as {@link computeGradients} */
  prepareStep(): Float32Array {
    const { network } = this;
    network.refresh();
    const before = network.statistics.view().slice();
    this.prepareRandomKey();
    return before;
  }

  /**
   * The second half: new weights from the gradients in their slab.
   * @param before the statistics that come back where loss or gradients are not finite
   */
  applyGradients(loss: number, before: Float32Array, evenIfNotFinite: boolean): StepResult {
    const { network, learningRate } = this;
    const { statistics } = network;
    const { optimizer, constraints } = this.updatePrograms();
    const gradientNorm = Number.isFinite(loss) || evenIfNotFinite ? optimizer.gradientNorm() : NaN;
    if (!Number.isFinite(gradientNorm) && !evenIfNotFinite) {
      statistics.edit().set(before);
      return { loss, gradientNorm, learningRate };
    }
    optimizer.apply(learningRate, this.step, gradientNorm);
    constraints?.run();
    network.changed((entry) => !network.isFrozen(entry));
    this.step++;
    return { loss, gradientNorm, learningRate };
  }

  snapshot(): TrainerSnapshot {
    this.network.refresh();
    return {
      parameters: this.network.parameters.view().slice(),
      statistics: this.network.statistics.view().slice(),
      slots: this.slots.map((slot) => slot.view().slice()),
      step: this.step,
      learningRateOverride: this.learningRateOverride,
    };
  }

  restore(snapshot: TrainerSnapshot): void {
    this.network.parameters.edit().set(snapshot.parameters);
    this.network.statistics.edit().set(snapshot.statistics);
    this.slots.forEach((slot, i) => slot.edit().set(snapshot.slots[i]));
    this.network.changed();
    this.step = snapshot.step;
    this.learningRateOverride = snapshot.learningRateOverride;
  }

  private updatePrograms(): UpdatePrograms {
    const { network, programs } = this;
    const frozen = network.layers.map(({ trainable }) => (trainable ? 1 : 0)).join("");
    if (this.update?.frozen !== frozen) {
      const slabs = { weights: network.parameters, gradients: programs.gradients, slots: this.slots };
      const trained = programs.trainedWeights();
      const ranges = updateRanges(trained, network.parameters.length, this.optimizer.layerRates);
      const options = compileOptions(network, this.engine);
      this.update = {
        frozen,
        optimizer: new UpdateProgram(this.optimizer, slabs, ranges, options),
        constraints: constraintProgram(network, trained, options),
      };
    }
    return this.update;
  }
}
