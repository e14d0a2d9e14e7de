/** @file The trainings of the lesson: the recordings in the session, one run after the other, and what came out of each. */
import type { Activity, RunOutcome, TrainingEvent } from "auricle/session";
import { theSession } from "../../engine/session.ts";
import type { FolderFile } from "../../objects/folder-files.ts";
import { decodeSound } from "../../objects/objects.svelte.ts";
import type { Sound } from "../../sound/player.svelte.ts";
import { partsOf, type Excerpt, type Material, type Split } from "./material.ts";
import { MUSIC } from "./music.ts";
import { openFolder } from "./own-music.ts";
import {
  epochsOf,
  needsFile,
  networkFile,
  networkOf,
  requestOf,
  SECONDS_PER_EXCERPT,
  type NetworkKind,
  type Remedies,
} from "./remedies.ts";

export interface TrialEpoch {
  readonly loss: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
}

/** The answer to one excerpt of the test part. */
export interface TestAnswer {
  readonly excerpt: Excerpt;
  /** By its place in the material's class names. */
  readonly answer: number;
}

export interface Trial {
  readonly number: number;
  readonly material: Material;
  readonly split: Split;
  readonly remedies: Remedies;
  readonly epochs: readonly TrialEpoch[];
  /** Epochs at most. */
  readonly planned: number;
  readonly state: "training" | "testing" | "finished" | "stopped";
  readonly answers: readonly TestAnswer[];
  /** The warnings of the training. */
  readonly warnings: readonly string[];
}

export interface Loading {
  /** "Rendering the music" */
  readonly what: string;
  /** 0 … 1 */
  readonly part: number;
}

let material = $state.raw<Material>(MUSIC);
let notes = $state.raw<readonly string[]>([]);
let loading = $state.raw<Loading>();
let failure = $state<string>();
let trials = $state.raw<readonly Trial[]>([]);
/** Seconds for an epoch on one excerpt, of the networks that were trained on this machine. */
let measured = $state.raw<Readonly<Partial<Record<NetworkKind, number>>>>({});
let activity: Activity<TrainingEvent, RunOutcome> | undefined;

export function currentMaterial(): Material {
  return material;
}

/** Sentences on what was left out of the reader's folder, and why. */
export function materialNotes(): readonly string[] {
  return notes;
}

/** Recordings that are being read or rendered; undefined when there is nothing to wait for. */
export function loadingNow(): Loading | undefined {
  return loading;
}

/** The trainings on the recordings at hand. */
export function allTrials(): readonly Trial[] {
  return trials.filter((trial) => trial.material === material);
}

export function trialFailure(): string | undefined {
  return failure;
}

export function isTraining(): boolean {
  return trials.some(({ state }) => state === "training" || state === "testing");
}

export function accuracyOf({ answers }: Trial): number | undefined {
  if (answers.length === 0) return undefined;
  return answers.filter(({ excerpt, answer }) => excerpt.label === answer).length / answers.length;
}

/** Seconds that a training will take, as far as one can know before. */
export function secondsFor(split: Split, remedies: Remedies): number {
  const kind = networkOf(remedies);
  const perExcerpt = measured[kind] ?? SECONDS_PER_EXCERPT[kind];
  return perExcerpt * epochsFor(split, remedies) * trainingExcerpts(material, split);
}

/** Epochs that a training on the recordings at hand makes at most. */
export function epochsFor(split: Split, remedies: Remedies): number {
  return epochsOf(remedies, trainingExcerpts(material, split));
}

/** Takes the studio's music in place of the reader's. */
export function useMusic(): void {
  [material, notes] = [MUSIC, []];
}

/** Opens a folder of recordings. @throws an error that says what is wrong with it; what was open stays */
export async function useFolder(files: readonly FolderFile[]): Promise<void> {
  const tell = (part: number) => (loading = { what: "Decoding your recordings", part });
  tell(0);
  try {
    const opened = await openFolder(files, tell);
    [material, notes, failure] = [opened.material, opened.notes, undefined];
  } finally {
    loading = undefined;
  }
}

/** The sound of an excerpt, once there are any. */
export async function soundOf({ path, title }: Excerpt): Promise<Sound | undefined> {
  const file = (await material.load(() => undefined)).get(path);
  return file && decodeSound(new Blob([file]), title);
}

export function stopTraining(): void {
  activity?.stop();
}

/** Trains with remedies on the recordings under a split, and tests; a failure is told by `trialFailure`. */
export async function startTrial(split: Split, remedies: Remedies): Promise<void> {
  const number = allTrials().length + 1;
  const mine = material;
  const first: Trial = {
    number,
    material: mine,
    split,
    remedies,
    epochs: [],
    planned: epochsFor(split, remedies),
    state: "training",
    answers: [],
    warnings: [],
  };
  let current = first;
  trials = [...trials, first];
  const change = (part: Partial<Trial>) => {
    const next = { ...current, ...part };
    trials = trials.map((trial) => (trial === current ? next : trial));
    current = next;
  };
  failure = undefined;
  try {
    const data = await openMaterial(mine, split);
    const path = await train(data, current, change);
    if (path === undefined) change({ state: "stopped" });
    else {
      change({ state: "testing" });
      change({ state: "finished", answers: await answersOf(path, `${data}/test`, mine) });
    }
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    change({ state: "stopped" });
  } finally {
    activity = undefined;
  }
}

/** @returns the run's path; undefined after a stop */
async function train(
  data: string,
  { remedies, split, material: of, planned }: Trial,
  change: (part: Partial<Trial>) => void,
): Promise<string | undefined> {
  const model = needsFile(remedies) ? await openNetwork(remedies) : "notebook";
  const request = requestOf(remedies, data, model, planned);
  activity = theSession().train(request, { out: `runs/lesson-${Date.now()}` });
  const [epochs, warnings]: [TrialEpoch[], string[]] = [[], []];
  const started = performance.now();
  for await (const event of activity) {
    if (event.kind === "warning") change({ warnings: [...warnings, event.text] });
    if (event.kind !== "epoch") continue;
    const { loss, validationLoss, validationAccuracy } = event.metrics;
    epochs.push({
      loss,
      validationLoss: validationLoss ?? Number.NaN,
      validationAccuracy: validationAccuracy ?? Number.NaN,
    });
    change({ epochs: [...epochs] });
    const seconds = (performance.now() - started) / 1000;
    measured = {
      ...measured,
      [networkOf(remedies)]: seconds / epochs.length / trainingExcerpts(of, split),
    };
  }
  const outcome = await activity.result();
  return outcome.status === "interrupted" ? undefined : outcome.path;
}

async function answersOf(run: string, folder: string, of: Material): Promise<TestAnswer[]> {
  const excerpts = new Map(of.excerpts.map((one) => [one.path, one]));
  const answers: TestAnswer[] = [];
  for await (const event of theSession().predict(run, [folder])) {
    if (event.kind !== "recording") continue;
    const { path, outputs, classNames } = event.prediction;
    const excerpt = excerpts.get(path.slice(folder.length + 1));
    const best = outputs.indexOf(Math.max(...outputs));
    if (excerpt) answers.push({ excerpt, answer: of.classNames.indexOf(classNames[best]) });
  }
  return answers;
}

let networks = 0;

async function openNetwork(remedies: Remedies): Promise<string> {
  const file = new TextEncoder().encode(networkFile(remedies));
  const folder = await theSession().openFiles(`network-${++networks}`, [{ path: "network.json", file }]);
  return `${folder}/network.json`;
}

/** The path of the recordings in the session, in folders for training, validation and test. */
async function openMaterial(of: Material, split: Split): Promise<string> {
  const tell = (part: number) => (loading = { what: "Rendering the music", part });
  try {
    const files = await of.load(tell);
    const parts = partsOf(of, split);
    const opened = of.excerpts.map(({ path }) => {
      const file = files.get(path);
      if (!file) throw new Error(`${path} was not made`);
      return { path: `${parts.get(path)}/${path}`, file };
    });
    return await theSession().openFiles(`${of.name}-by-${split}`, opened);
  } finally {
    loading = undefined;
  }
}

function trainingExcerpts(of: Material, split: Split): number {
  return [...partsOf(of, split).values()].filter((part) => part === "train").length;
}
