/** @file The models that a server has, by name, each in its newest version. Node only. */

import { AuricleError } from "../errors.ts";
import { frontEnd } from "../audio/front-end/index.ts";
import { audioDescription } from "../audio-model/description.ts";
import { modelState } from "../runs/model-state.ts";
import type { AnsweringVersion } from "./answer-threads.ts";
import type { Batches } from "./batches.ts";
import { sizesByClass } from "./bit-classes.ts";
import type { OpenNetwork } from "./messages.ts";
import { NetworkThread } from "./network-thread.ts";
import { RequestProblem } from "./problem.ts";
import type { ModelInfo } from "./schemas.ts";

export interface NamedModel {
  readonly name: string;
  /** A run's folder, a model file or a pretrained model's name. */
  readonly place: string;
}

/** The events of models, for the log and the metrics. */
export type ModelEvent =
  | {
      readonly kind: "loaded";
      readonly model: string;
      readonly version: number;
      readonly seconds: number;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "not loaded"; readonly model: string; readonly problem: string; readonly kept: boolean }
  | { readonly kind: "died"; readonly model: string; readonly version: number; readonly reason: string };

export interface ShelfOptions extends Omit<OpenNetwork, "place"> {
  readonly batches: Batches;
  /** Called when a version is not used any longer. */
  readonly onForgotten: (key: number) => void;
  readonly onEvent: (event: ModelEvent) => void;
  /** Seconds from one look at the files to the next; 0: they are not watched. */
  readonly watchSeconds: number;
}

/** A version in use by requests; given back by `release`. */
export interface LentVersion extends AnsweringVersion {
  readonly name: string;
  readonly version: number;
  release(): void;
}

interface Version {
  readonly key: number;
  readonly version: number;
  readonly thread: NetworkThread;
  readonly loaded: Date;
  users: number;
  isCurrent: boolean;
}

interface Shelved extends NamedModel {
  state: string;
  loads: number;
  current: Version | undefined;
  /** The loading that goes on. */
  loading: Promise<void> | undefined;
}

/** After the first failure; doubled by each further one. */
const RETRY_SECONDS = 1;
const LONGEST_RETRY_SECONDS = 60;

export class ModelShelf {
  private readonly options: ShelfOptions;
  private readonly shelved: ReadonlyMap<string, Shelved>;
  private nextKey = 0;
  private timer: NodeJS.Timeout | undefined;
  private isEnded = false;

  /** Loads all models. @throws AuricleError as `openTrainedModel`, for one that cannot be loaded */
  static async open(models: readonly NamedModel[], options: ShelfOptions): Promise<ModelShelf> {
    const shelf = new ModelShelf(models, options);
    try {
      for (const one of shelf.shelved.values()) await shelf.load(one);
    } catch (error) {
      await shelf.end();
      throw error;
    }
    shelf.watch();
    return shelf;
  }

  private constructor(models: readonly NamedModel[], options: ShelfOptions) {
    this.options = options;
    this.shelved = new Map(
      models.map((model) => [
        model.name,
        { ...model, state: "", loads: 0, current: undefined, loading: undefined },
      ]),
    );
  }

  get names(): readonly string[] {
    return [...this.shelved.keys()];
  }

  /** Whether every model can answer. */
  get isReady(): boolean {
    return [...this.shelved.values()].every(({ current }) => current !== undefined);
  }

  /** @param name default: the first model @throws RequestProblem where there is none, or none now */
  lend(name = this.names[0]): LentVersion {
    const used = this.currentOf(name);
    const { thread, key, version } = used;
    used.users++;
    return {
      name,
      version,
      key,
      model: thread.model,
      compute: (data, count) => this.options.batches.compute(thread, { data, count }),
      release: () => {
        used.users--;
        this.retireUnused(used);
      },
    };
  }

  /** @throws RequestProblem as `lend` */
  info(name = this.names[0]): ModelInfo {
    const { thread, version, loaded } = this.currentOf(name);
    const { kind, task, classNames, inputShapes, metadata, path } = thread.model;
    const front = kind === "sound" ? audioDescription(metadata, path) : undefined;
    const rate = front && frontEnd(front.frontEnd);
    return {
      name,
      version,
      loaded: loaded.toISOString(),
      kind,
      task,
      classNames: [...classNames],
      input: [...inputShapes[0]],
      ...(front &&
        rate && {
          windowSeconds: (front.windowFrames * rate.hopLength) / rate.sampleRate,
          sampleRate: rate.sampleRate,
        }),
      target: this.options.target,
      precision: this.options.precision ?? "float32",
      sharedBatches: sizesByClass(thread.bitClasses),
    };
  }

  async end(): Promise<void> {
    this.isEnded = true;
    clearTimeout(this.timer);
    const versions = [...this.shelved.values()].flatMap(({ current }) => current ?? []);
    await Promise.all(versions.map(({ thread }) => thread.end()));
  }

  private currentOf(name: string): Version {
    const one = this.shelved.get(name);
    if (!one) {
      throw new RequestProblem("not-found", `no model "${name}"; there are ${this.names.join(", ")}`);
    }
    if (one.current) return one.current;
    throw new RequestProblem("unavailable", `model "${name}" is being loaded`);
  }

  /** Opens the newest version and puts it in the place of the one before, which ends with its last request. */
  private async load(one: Shelved): Promise<void> {
    const { target, threads, precision, dataFolder, download, onEvent } = this.options;
    const begin = performance.now();
    // Asked before: what is written meanwhile is found at the next look.
    one.state = await modelState(one.place);
    const thread = await NetworkThread.open({
      place: one.place,
      target,
      threads,
      precision,
      dataFolder,
      download,
    });
    if (this.isEnded) return thread.end();
    const version: Version = {
      key: this.nextKey++,
      version: ++one.loads,
      thread,
      loaded: new Date(),
      users: 0,
      isCurrent: true,
    };
    const before = one.current;
    one.current = version;
    if (before) {
      before.isCurrent = false;
      this.retireUnused(before);
    }
    void thread.died.then((reason) => this.replaceDead(one, version, reason));
    onEvent({
      kind: "loaded",
      model: one.name,
      version: version.version,
      seconds: (performance.now() - begin) / 1000,
      warnings: thread.warnings,
    });
  }

  private retireUnused(version: Version): void {
    if (version.isCurrent || version.users > 0) return;
    this.options.onForgotten(version.key);
    void version.thread.end();
  }

  private replaceDead(one: Shelved, version: Version, reason: string): void {
    this.options.onEvent({ kind: "died", model: one.name, version: version.version, reason });
    if (one.current !== version) return;
    one.current = undefined;
    this.reload(one, RETRY_SECONDS);
  }

  /** Loads until it succeeds: a version that answers stays until then. */
  private reload(one: Shelved, retrySeconds: number): void {
    one.loading ??= this.load(one)
      .catch((error: unknown) => {
        const problem = error instanceof AuricleError ? error.message : String(error);
        this.options.onEvent({
          kind: "not loaded",
          model: one.name,
          problem,
          kept: one.current !== undefined,
        });
        if (one.current || this.isEnded) return;
        const next = Math.min(LONGEST_RETRY_SECONDS, 2 * retrySeconds);
        setTimeout(() => this.reload(one, next), 1000 * retrySeconds).unref();
      })
      .finally(() => {
        one.loading = undefined;
      });
  }

  /** Looks at the files again and again; a state that two looks find is taken for whole. */
  private watch(): void {
    const { watchSeconds } = this.options;
    if (watchSeconds === 0) return;
    const seen = new Map<string, string>();
    const look = async () => {
      for (const one of this.shelved.values()) {
        const state = await modelState(one.place);
        if (state !== one.state && state === seen.get(one.name) && !this.isEnded)
          this.reload(one, RETRY_SECONDS);
        seen.set(one.name, state);
      }
      if (!this.isEnded) this.timer = setTimeout(() => void look(), 1000 * watchSeconds).unref();
    };
    this.timer = setTimeout(() => void look(), 1000 * watchSeconds).unref();
  }
}
