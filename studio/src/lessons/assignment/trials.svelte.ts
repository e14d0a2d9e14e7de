/** @file The trainings of the lesson: the music in the session, one run after the other, and what came out of each. */
import type { Activity, RunOutcome, TrainingEvent } from "auricle/session";
import { STYLE_NAMES } from "auricle/data";
import { wrap, type Remote } from "comlink";
import { theSession } from "../../engine/session.ts";
import type { Sound } from "../../sound/player.svelte.ts";
import { excerpts, leakedTests, partsOf, TRACKS, type Split } from "./music.ts";
import type { Music } from "./music.worker.ts";
import { needsFile, networkFile, requestOf, type Remedy } from "./remedies.ts";

export interface TrialEpoch {
  readonly loss: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
}

/** The answer to one excerpt of the test part. */
export interface TestAnswer {
  readonly name: string;
  /** By their places in `STYLE_NAMES`. */
  readonly truth: number;
  readonly answer: number;
}

export interface Trial {
  readonly number: number;
  readonly split: Split;
  readonly remedies: ReadonlySet<Remedy>;
  readonly epochs: readonly TrialEpoch[];
  readonly state: "training" | "testing" | "finished" | "stopped";
  readonly answers: readonly TestAnswer[];
  readonly seconds?: number;
}

const ALL = excerpts();

let rendered = $state(0);
let failure = $state<string>();
let trials = $state.raw<readonly Trial[]>([]);
let activity: Activity<TrainingEvent, RunOutcome> | undefined;
let music:
  Promise<ReadonlyMap<string, { readonly sound: Sound; readonly wav: Uint8Array<ArrayBuffer> }>> | undefined;

/** The part of the music that is rendered, 0 … 1. */
export function renderedPart(): number {
  return rendered;
}

export function allTrials(): readonly Trial[] {
  return trials;
}

export function trialFailure(): string | undefined {
  return failure;
}

export function isTraining(): boolean {
  return trials.some(({ state }) => state === "training" || state === "testing");
}

/** How many test excerpts have a part of their track in training, of how many. */
export function leakOf(split: Split): { readonly leaked: number; readonly of: number } {
  const parts = partsOf(ALL, split);
  return {
    leaked: leakedTests(ALL, parts),
    of: [...parts.values()].filter((part) => part === "test").length,
  };
}

export function accuracyOf({ answers }: Trial): number | undefined {
  if (answers.length === 0) return undefined;
  return answers.filter(({ truth, answer }) => truth === answer).length / answers.length;
}

/** The sound of an excerpt, once it is rendered. */
export async function soundOf(name: string): Promise<Sound | undefined> {
  return (await music)?.get(name)?.sound;
}

export function stopTraining(): void {
  activity?.stop();
}

/** Trains with remedies on the music under a split, and tests; a failure is told by `trialFailure`. */
export async function startTrial(split: Split, remedies: ReadonlySet<Remedy>): Promise<void> {
  const number = trials.length + 1;
  trials = [...trials, { number, split, remedies, epochs: [], state: "training", answers: [] }];
  const change = (change: Partial<Trial>) =>
    (trials = trials.map((trial) => (trial.number === number ? { ...trial, ...change } : trial)));
  failure = undefined;
  const started = performance.now();
  try {
    const session = theSession();
    const data = await openMusic(split);
    const model = needsFile(remedies) ? await openNetwork(number, remedies) : "notebook";
    activity = session.train(requestOf(remedies, data, model), { out: `runs/lesson-${Date.now()}` });
    const epochs: TrialEpoch[] = [];
    for await (const event of activity) {
      if (event.kind !== "epoch") continue;
      const { loss, validationLoss, validationAccuracy } = event.metrics;
      epochs.push({
        loss,
        validationLoss: validationLoss ?? Number.NaN,
        validationAccuracy: validationAccuracy ?? Number.NaN,
      });
      change({ epochs: [...epochs] });
    }
    const outcome = await activity.result();
    if (outcome.status === "interrupted") {
      change({ state: "stopped" });
      return;
    }
    change({ state: "testing" });
    const answers = await answersOf(outcome.path, `${data}/test`);
    change({ state: "finished", answers, seconds: (performance.now() - started) / 1000 });
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    change({ state: "stopped" });
  } finally {
    activity = undefined;
  }
}

async function answersOf(run: string, folder: string): Promise<TestAnswer[]> {
  const answers: TestAnswer[] = [];
  for await (const event of theSession().predict(run, [folder])) {
    if (event.kind !== "recording") continue;
    const { path, outputs, classNames } = event.prediction;
    const name = path.slice(folder.length + 1);
    const best = outputs.indexOf(Math.max(...outputs));
    answers.push({
      name,
      truth: STYLE_NAMES.findIndex((style) => name.startsWith(`${style}/`)),
      answer: STYLE_NAMES.findIndex((style) => style === classNames[best]),
    });
  }
  return answers;
}

async function openNetwork(number: number, remedies: ReadonlySet<Remedy>): Promise<string> {
  const file = new TextEncoder().encode(networkFile(remedies));
  const folder = await theSession().openFiles(`network-${number}`, [{ path: "network.json", file }]);
  return `${folder}/network.json`;
}

/** The path of the music in the session, in folders for training, validation and test. */
async function openMusic(split: Split): Promise<string> {
  music ??= render();
  const files = await music;
  const parts = partsOf(ALL, split);
  const opened = ALL.map(({ name }) => {
    const file = files.get(name)?.wav;
    if (!file) throw new Error(`${name} was not rendered`);
    return { path: `${parts.get(name)}/${name}`, file };
  });
  return theSession().openFiles(`music-by-${split}`, opened);
}

async function render() {
  const worker = new Worker(new URL("./music.worker.ts", import.meta.url), { type: "module" });
  const renderer: Remote<Music> = wrap<Music>(worker);
  const files = new Map<string, { readonly sound: Sound; readonly wav: Uint8Array<ArrayBuffer> }>();
  const tracks = Object.values(TRACKS).reduce((sum, count) => sum + count, 0);
  for (const style of STYLE_NAMES) {
    for (let track = 0; track < tracks; track++) {
      const parts = await renderer.track(style, track);
      parts.forEach(({ samples, sampleRate, wav }, excerpt) => {
        const own = ALL.find((one) => one.style === style && one.track === track && one.excerpt === excerpt);
        if (own) files.set(own.name, { sound: { name: own.name, samples, sampleRate }, wav });
      });
      rendered = files.size / ALL.length;
    }
  }
  worker.terminate();
  return files;
}
