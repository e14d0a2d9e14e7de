/** @file A session in the calling thread. Browser-safe. */

import { openFiles } from "#here/io/store/opened-files";
import { openAudioFile } from "../audio/decode/audio-file.ts";
import { explainAudio } from "../audio-model/index.ts";
import { AuricleError } from "../errors.ts";
import type { FileProblem } from "../data/collection/collection.ts";
import type { ObtainProgress } from "../data/obtain-options.ts";
import { predictPictures } from "../runs/images/predict-pictures.ts";
import { evaluateRun, type RunEvaluation } from "../runs/evaluate-run.ts";
import { kindOfData } from "../runs/kinds.ts";
import { listRuns } from "../runs/list-runs.ts";
import type { PreparationProgress, TrainingObserver } from "../runs/observer.ts";
import { checkedValues } from "../runs/options/check-values.ts";
import type { PrepareControls, RunControls } from "../runs/run-kind.ts";
import { trainSeeds } from "../runs/seeds.ts";
import { predictRecordings } from "../runs/sound/predict-recordings.ts";
import { resumeRun, startRun } from "../runs/start-run.ts";
import { openTrainedModel } from "../runs/trained-model.ts";
import { runActivity, type Activity } from "./activity.ts";
import type { PredictionEvent, PreparationEvent, TrainingEvent } from "./events.ts";
import type { Session, TrainOptions, TrainRequest } from "./session.ts";

/**
 * Opens a session in this thread, in which everything computes then: in a worker, or where nothing else waits. See
 * `connectSession` for one in another thread.
 */
export function openSession(): Session {
  return {
    async openFiles(name, files) {
      return openFiles(name, files);
    },

    async describe(data, options = {}) {
      const kind = await kindOfData(data);
      const { name, task, classNames, examples, problems, notes = [] } = await kind.open(data, options);
      const counts = classNames.map((_, i) => examples.filter(({ target }) => target[i] > 0).length);
      return {
        kind: kind.name,
        name,
        task,
        classNames,
        examples: examples.length,
        counts: task === "regression" ? [] : counts,
        problems,
        notes,
      };
    },

    train: (request, options = {}) =>
      training(options, (controls) => startRun(checked(request), placeOf(options), controls)),

    trainSeeds: (request, seeds, options = {}) =>
      training(options, (controls) => trainSeeds(checked(request), { ...placeOf(options), seeds }, controls)),

    resume: (run, wanted = {}, options = {}) =>
      training(options, (controls) => resumeRun(run, checked(wanted), controls)),

    evaluate: (run, options = {}) =>
      runActivity<PreparationEvent, RunEvaluation>((emit, signal) =>
        evaluateRun(run, {
          ...options,
          signal,
          onProgress: obtaining(emit),
          observer: readingObserver(emit),
        }),
      ),

    predict: (model, places, { strict, ...engine } = {}) =>
      runActivity<PredictionEvent, number>(async (emit, signal) => {
        const warn = (text: string) => emit({ kind: "warning", text });
        const trained = await openTrainedModel(model, engine, warn);
        const show = (event: PredictionEvent) => {
          signal.throwIfAborted();
          emit(event);
        };
        const options = { warn, ...(strict !== undefined && { strict }) };
        const showProblem = (problem: FileProblem) => show({ kind: "problem", problem });
        return trained.kind === "sound"
          ? predictRecordings(
              trained,
              places,
              options,
              (one) => show({ kind: "recording", prediction: one }),
              showProblem,
            )
          : predictPictures(
              trained,
              places,
              options,
              (one) => show({ kind: "picture", prediction: one }),
              showProblem,
            );
      }),

    async explain(place, file, options = {}) {
      const { kind, model, path } = await openTrainedModel(place, {}, () => undefined);
      if (kind !== "sound") {
        throw new AuricleError("argument", `${path}: it takes pictures, and recordings are explained here`);
      }
      const recording = await openAudioFile(file);
      try {
        return await explainAudio(model, await recording.readMono(), options, path);
      } finally {
        await recording.close();
      }
    },

    runs: (folder) => listRuns(folder),
  };
}

/** Checks a request once, where it comes in. @throws AuricleError "argument". */
function checked<Request extends Partial<TrainRequest>>({ data, ...values }: Request): Request {
  const fail = (problem: string) => new AuricleError("argument", `train: ${problem}`);
  const known = checkedValues(values, fail);
  return { ...known, ...(data !== undefined && { data }) } as Request;
}

function placeOf({ out }: TrainOptions): { readonly out?: string } {
  return out === undefined ? {} : { out };
}

function training<Outcome>(
  options: TrainOptions,
  run: (controls: RunControls) => Promise<Outcome>,
): Activity<TrainingEvent, Outcome> {
  return runActivity<TrainingEvent, Outcome>(async (emit, signal) => {
    const observer: TrainingObserver = {
      ...readingObserver(emit),
      started: (info) => emit({ kind: "started", info }),
      batch: (progress) => emit({ kind: "batch", progress }),
      epoch: (metrics, isBest) => emit({ kind: "epoch", metrics, isBest }),
      profiled: (profile, path) => emit({ kind: "profiled", profile, path }),
    };
    return run({ ...options, signal, onProgress: obtaining(emit), observer, interruptible: () => signal });
  });
}

type Emit = (event: PreparationEvent) => void;

/** Tells of the reading of files. */
function readingObserver(emit: Emit): PrepareControls["observer"] {
  return {
    preparing: (progress: PreparationProgress) => emit({ kind: "preparing", progress }),
    note: (text: string) => emit({ kind: "note", text }),
    warning: (text: string) => emit({ kind: "warning", text }),
  };
}

function obtaining(emit: Emit): (progress: ObtainProgress) => void {
  return (progress) => emit({ kind: "obtaining", progress });
}
