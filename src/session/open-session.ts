/** @file A session in the calling thread. Browser-safe. */

import { openFiles } from "#here/io/store/opened-files";
import { AuricleError } from "../errors.ts";
import type { AscentStep } from "../explain/index.ts";
import type { ExcitingInputs } from "../runs/explain/exciting-inputs.ts";
import type { FileMap } from "../runs/explain/embed-files.ts";
import type { Explanation } from "../runs/explain/explanation.ts";
import type { PartsOptions } from "../runs/explain/file-parts.ts";
import { withClaims } from "../io/claims.ts";
import type { LayerOutputs } from "../runs/explain/layer-outputs.ts";
import type { StrongPlace } from "../runs/explain/strongest-places.ts";
import { kindOfData, readRun } from "../runs/kinds.ts";
import { listRuns } from "../runs/list-runs.ts";
import { checkedValues } from "../runs/options/check-values.ts";
import { valuesOfRun } from "../runs/options/training-values.ts";
import { findRun, hasRun, newestUnfinishedRun } from "../runs/run-folder.ts";
import type { ReadControls, RunControls } from "../runs/run-kind.ts";
import { trainSeeds } from "../runs/seeds.ts";
import { planRun, prepareData } from "../runs/one-run.ts";
import { resumeRun, startRun } from "../runs/start-run.ts";
import type { TrainedModel } from "../runs/trained-model.ts";
import { runActivity, type Activity } from "./activity.ts";
import { describeData } from "./describe-data.ts";
import type {
  AscentEvent,
  PartsEvent,
  PredictionEvent,
  PreparationEvent,
  TrainingEvent,
  WarningEvent,
} from "./events.ts";
import { KeptModels } from "./kept-models.ts";
import { readingEvents, trainingEvents } from "./observe.ts";
import type { ReadOptions, Session, TrainOptions, TrainRequest } from "./session.ts";

/**
 * Opens a session in this thread, in which everything computes then: in a worker, or where nothing else waits. See
 * `connectSession` for one in another thread.
 */
export function openSession(): Session {
  const models = new KeptModels();
  return {
    async openFiles(name, files) {
      return openFiles(name, files);
    },

    kindOf: async (data) => (await kindOfData(data)).name,
    describe: (data, options = {}) => describeData(data, options),

    inspectData: (data, options = {}) =>
      reading(options, async (controls) => {
        const { inspectData } = await import("./inspect-data.ts");
        return inspectData(data, options, controls);
      }),

    prepare: (request, options = {}) =>
      reading(options, (controls) => prepareData(checked(request), controls)),

    plan: (request, options = {}) =>
      reading(options, async (controls) => {
        const config = await planRun(checked(request), controls);
        return { values: valuesOfRun(config), config };
      }),

    dryRun: (request, options = {}) =>
      reading(options, async (controls) => (await trials()).dryRun(checked(request), controls)),

    overfitOneBatch: (request, options = {}) =>
      reading(options, async (controls) =>
        (await trials()).overfitTrial(checked(request), placeOf(options), controls),
      ),

    learningRate: (request, range = {}, options = {}) =>
      reading(options, async (controls) =>
        (await trials()).learningRateTrial(checked(request), range, controls),
      ),

    train: (request, options = {}) =>
      training(options, (controls) => startRun(checked(request), placeOf(options), controls)),

    trainSeeds: (request, seeds, options = {}) =>
      training(options, (controls) => trainSeeds(checked(request), { ...placeOf(options), seeds }, controls)),

    resume: (run, wanted = {}, options = {}) =>
      training(options, (controls) => resumeRun(run, checked(wanted), controls)),

    hasRun,

    async findRun(run) {
      const path = run === undefined ? await newestUnfinishedRun() : await findRun(run);
      const { kind, config } = await readRun(path);
      return { path, kind: kind.name, config };
    },

    evaluate: (run, options = {}) =>
      reading(options, async (controls) => {
        const { evaluateRun } = await import("../runs/evaluate-run.ts");
        return evaluateRun(run, { ...options, ...controls });
      }),

    predict: (model, places, options = {}) =>
      runActivity<PredictionEvent, number>(async (emit, signal) => {
        const { threads, precision, dataFolder, download } = options;
        const warn = (text: string) => emit({ kind: "warning", text });
        const { predict } = await import("./predict.ts");
        const { onProgress } = readingEvents(emit);
        const obtaining = { dataFolder, download, onProgress };
        const trained = await models.open(model, { threads, precision, ...obtaining }, warn);
        return withClaims(() => predict(trained, places, options, emit, signal));
      }),

    explain: (model, input, { threads, ...options } = {}) =>
      runActivity<WarningEvent, Explanation>(async (emit, signal) => {
        const warn = (text: string) => emit({ kind: "warning", text });
        const { explainFile } = await import("../runs/explain/explain-file.ts");
        return explainFile(await models.open(model, { threads }, warn), input, options, signal);
      }),

    activations: (model, input, { threads, ...options } = {}) =>
      runActivity<WarningEvent, LayerOutputs>(async (emit, signal) => {
        const warn = (text: string) => emit({ kind: "warning", text });
        const { layerOutputs } = await import("../runs/explain/layer-outputs.ts");
        return layerOutputs(await models.open(model, { threads }, warn), input, options, signal);
      }),

    maximizeActivation: (model, { threads, ...options }) =>
      runActivity<WarningEvent | AscentEvent, ExcitingInputs>(async (emit, signal) => {
        const warn = (text: string) => emit({ kind: "warning", text });
        const { excitingInputs } = await import("../runs/explain/exciting-inputs.ts");
        const tell = (step: AscentStep) => emit({ kind: "ascent", ...step });
        return excitingInputs(await models.open(model, { threads }, warn), options, tell, signal);
      }),

    async inspect(model) {
      const { inspectModel } = await import("../runs/inspect-model.ts");
      return inspectModel(await models.open(model, {}, () => undefined));
    },

    async weights(model, paths) {
      const { weightsOf } = await import("../runs/inspect-model.ts");
      return weightsOf(await models.open(model, {}, () => undefined), paths);
    },

    embeddingMap: (run, options = {}) =>
      reading(options, async (controls) => {
        const { embedTested } = await import("../runs/explain/embed-tested.ts");
        return embedTested(run, { ...options, ...controls });
      }),

    embedFiles: (model, parts, { threads, ...options } = {}) =>
      ofParts<FileMap>(models, model, threads, async (trained, reading) => {
        const { embedFiles } = await import("../runs/explain/embed-files.ts");
        return embedFiles(trained, parts, options, reading);
      }),

    features: (places, { from, layer, ...options }) =>
      reading(options, async (controls) => {
        const { dataFeatures } = await import("../runs/transfer/data-features.ts");
        return dataFeatures(places, { from, ...(layer !== undefined && { layer }) }, controls);
      }),

    strongestPlaces: (model, parts, { threads, ...options }) =>
      ofParts<readonly StrongPlace[]>(models, model, threads, async (trained, reading) => {
        const { strongestPlaces } = await import("../runs/explain/strongest-places.ts");
        return strongestPlaces(trained, parts, options, reading);
      }),

    async layerTimes(model) {
      const { layerTimes } = await import("../runs/explain/layer-times.ts");
      return layerTimes(await models.open(model, {}, () => undefined));
    },

    runs: (folder) => listRuns(folder),
  };
}

/** Loads what trials need. As of all that a training does not need, a page gets it when it first asks for it. */
function trials() {
  return import("../runs/trial/index.ts");
}

/** Checks a request once, where it comes in. @throws AuricleError "argument". */
function checked<Request extends Partial<TrainRequest>>({ data, ...values }: Request): Request {
  const fail = (problem: string) => new AuricleError("argument", `train: ${problem}`);
  const known = checkedValues(values, fail);
  return { ...known, ...(data !== undefined && { data }) } as Request;
}

function placeOf({ out }: Pick<TrainOptions, "out">): { readonly out?: string } {
  return out === undefined ? {} : { out };
}

/** Work that reads data, and tells of that. */
function reading<Result>(
  options: ReadOptions,
  run: (controls: ReadControls) => Promise<Result>,
): Activity<PreparationEvent, Result> {
  return runActivity<PreparationEvent, Result>((emit, signal) =>
    withClaims(() => run({ ...options, ...readingEvents(emit), signal })),
  );
}

/** Work of a model on files, one after the other. */
function ofParts<Result>(
  models: KeptModels,
  model: string,
  threads: number | undefined,
  run: (trained: TrainedModel, reading: PartsOptions) => Promise<Result>,
): Activity<PartsEvent, Result> {
  return runActivity<PartsEvent, Result>(async (emit, signal) => {
    const trained = await models.open(model, { threads }, (text) => emit({ kind: "warning", text }));
    return run(trained, {
      signal,
      preparing: (progress) => emit({ kind: "preparing", progress }),
      problem: (problem) => emit({ kind: "problem", problem }),
    });
  });
}

function training<Outcome>(
  options: TrainOptions,
  run: (controls: RunControls) => Promise<Outcome>,
): Activity<TrainingEvent, Outcome> {
  return runActivity<TrainingEvent, Outcome>((emit, signal) =>
    withClaims(() => run({ ...options, ...trainingEvents(emit), signal })),
  );
}
