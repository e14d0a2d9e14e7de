/** @file Both LeNets, trained in this worker between questions about what they make of a picture. */
import { floatArray, Model, usableThreads } from "auricle";
import { activations } from "auricle/explain";
import { lenet5, lenet5Of1998 } from "auricle/models";
import { expose } from "comlink";
import type { Unit } from "../../figures/FeatureMaps.svelte";
import { layersOf, type LayerView } from "./layers.ts";
import { TESTS, type DataName } from "./classes.ts";
import { drawnDigits, readFashion, type NamedBytes, type Pictures } from "./pictures.ts";
import { unitSum } from "./unit-sum.ts";
import { keyOf, type Task } from "./view.ts";

/** The report that training gives while it runs. */
export interface Progress {
  /** Batches since the beginning. */
  readonly step: number;
  /** Epochs that are complete. */
  readonly epochs: number;
  /** The losses of the batches since the last report. */
  readonly losses: readonly number[];
  /** Over the batches since the last report. */
  readonly examplesPerSecond: number;
  /** The accuracy on the test pictures, 0 … 1, after an epoch. */
  readonly accuracy?: number;
}

/** Milliseconds between reports: more often than anyone reads is work for nothing. */
const BETWEEN_REPORTS = 150;
/** Milliseconds of training between turns for questions: an answer must not keep the pen waiting. */
const BETWEEN_TURNS = 12;
const BATCH_SIZE = 32;
/** More than anyone waits for. */
const MOST_EPOCHS = 1000;

interface Kept {
  readonly model: Model;
  readonly layers: readonly LayerView[];
  epochs: number;
  running?: AbortController;
}

const kept = new Map<string, Kept>();
let fashion: Pictures | undefined;

function picturesOf(data: DataName): Pictures {
  if (data === "digits") return drawnDigits();
  if (!fashion) throw new Error("The pictures of clothes have not been opened");
  return fashion;
}

function network(task: Task): Kept {
  const known = kept.get(keyOf(task));
  if (known) return known;
  const isUsual = task.net === "usual";
  const model = new Model(isUsual ? lenet5({ seed: 1 }) : lenet5Of1998({ seed: 1 }));
  model.compile({
    optimizer: "adam",
    loss: isUsual ? "softmaxCrossEntropy" : "radialBasis",
    metrics: ["accuracy"],
  });
  const made: Kept = { model, layers: layersOf(model), epochs: 0 };
  kept.set(keyOf(task), made);
  return made;
}

/** Collects the losses of batches, and tells them now and then. */
class Reporter {
  private losses: number[] = [];
  private examples = 0;
  private since = performance.now();
  private lastBatch = this.since;

  private readonly network: Kept;
  private readonly tell: (progress: Progress) => Promise<void>;

  constructor(network: Kept, tell: (progress: Progress) => Promise<void>) {
    this.network = network;
    this.tell = tell;
  }

  batch(loss: number, size: number): void {
    this.losses.push(loss);
    this.examples += size;
    this.lastBatch = performance.now();
    if (this.lastBatch - this.since >= BETWEEN_REPORTS) this.flush();
  }

  /** Time that passes until the next batch counts for no batch. */
  restart(): void {
    this.since = performance.now();
  }

  flush(accuracy?: number): void {
    // Up to the last batch: what came after it, such as the test, is no training.
    const seconds = (this.lastBatch - this.since) / 1000;
    void this.tell({
      step: this.network.model.step,
      epochs: this.network.epochs,
      losses: this.losses,
      examplesPerSecond: seconds > 0 ? this.examples / seconds : 0,
      ...(accuracy !== undefined && { accuracy }),
    });
    this.losses = [];
    this.examples = 0;
    this.restart();
  }
}

/** Lets messages that wait be answered; a timer would round its delay up to milliseconds. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

const lab = {
  /** The network's layers; it is made when it is first asked for. */
  open(task: Task) {
    const { layers } = network(task);
    return { layers, threads: usableThreads() };
  },

  /** Takes the four files of Fashion-MNIST. @throws an error that names the one that is wrong */
  async openFashion(files: readonly NamedBytes[]): Promise<void> {
    fashion = await readFashion(files);
  },

  /** One of the test pictures, [28, 28]. */
  async example(data: DataName, index: number) {
    const pixels = new Float32Array(784);
    const label = new Int32Array(1);
    await picturesOf(data).test.read([index % TESTS], pixels, label);
    return { pixels, label: label[0] ?? 0 };
  },

  /** Computes what each layer makes of a picture, and the sum behind one unit. */
  async look(task: Task, pixels: Float32Array, asked?: { readonly layer: string; readonly unit: Unit }) {
    const { model, layers } = network(task);
    const names = layers.map((layer) => layer.name);
    const outputs = await activations(model, floatArray(pixels, [1, 28, 28, 1]), names, { batchSize: 1 });
    const at = layers.findIndex((layer) => layer.name === asked?.layer);
    const values = Object.fromEntries(
      names.map((layer) => [layer, Float32Array.from(outputs[layer]?.data ?? [])]),
    );
    const layer = layers[at];
    if (!asked || !layer) return { values };
    const before = layers[at - 1];
    const weights = model.getWeights();
    const { row, column, channel } = asked.unit;
    const columns = layer.shape.length === 3 ? (layer.shape[1] ?? 1) : 1;
    const channels = layer.shape.at(-1) ?? 1;
    const sum = unitSum(layer, asked.unit, {
      input: (before && values[before.name]) ?? pixels,
      weight: (weight) => weights.get(`${layer.name}/${weight}`)?.data ?? [],
      value: values[layer.name]?.[(row * columns + column) * channels + channel] ?? Number.NaN,
    });
    return { values, sum };
  },

  /** Trains until `stop`. @param tell takes reports */
  async train(task: Task, tell: (progress: Progress) => Promise<void>): Promise<void> {
    const current = network(task);
    if (current.running) return;
    const running = new AbortController();
    current.running = running;
    try {
      const { train, test } = picturesOf(task.data);
      const reporter = new Reporter(current, tell);
      let lastTurn = performance.now();
      await current.model.fit(train, {
        batchSize: BATCH_SIZE,
        epochs: MOST_EPOCHS,
        initialEpoch: current.epochs,
        validationData: test,
        signal: running.signal,
        callbacks: {
          onEpochBegin: () => reporter.restart(),
          onBatchEnd: (_, { loss, size }) => {
            reporter.batch(loss, size);
            if (performance.now() - lastTurn < BETWEEN_TURNS) return undefined;
            return turn().then(() => void (lastTurn = performance.now()));
          },
          onEpochEnd: (epoch, { valAccuracy }) => {
            current.epochs = epoch + 1;
            reporter.flush(valAccuracy);
          },
        },
      });
    } finally {
      current.running = undefined;
    }
  },

  /** Ends the training after the batch at hand. */
  stop(task: Task): void {
    kept.get(keyOf(task))?.running?.abort();
  },

  /** Forgets what was learned. */
  reset(task: Task): void {
    kept.get(keyOf(task))?.running?.abort();
    kept.delete(keyOf(task));
  },
};

export type Lab = typeof lab;
expose(lab);
