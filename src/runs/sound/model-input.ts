/** @file The input of a new run's model: as requested, as suits its data, or as in another run. Browser-safe. */

import { frontEndConfig, type FrontEndConfig } from "../../audio/front-end/config.ts";
import type { SoundRange } from "../../audio/sound-range.ts";
import { audioDescription } from "../../audio-model/description.ts";
import { highestFrequency, outsideRange } from "../../audio-model/outside-range.ts";
import type { AudioClip, AudioCollection } from "../../data/audio/index.ts";
import { AUDIO_MODELS } from "../../models/index.ts";
import type { Warn } from "../observer.ts";
import { framesOfWindow } from "../options/front-end-value.ts";
import { recipeFor } from "../options/recipes.ts";
import { frontEndOf } from "../options/values.ts";
import { chooseFrontEnd } from "./choose-front-end.ts";
import { chooseWindowFrames } from "./choose-window.ts";
import type { SoundConfig } from "./sound-config.ts";
import type { FirstNetwork, ModelInput, RunRequest } from "../run-kind.ts";
import { soundDefinition, type SoundDefinition } from "./sound-definition.ts";
import { surveyRecordings, type Survey } from "./survey-recordings.ts";

/** The features that a model takes, and the number of steps in one window of them. */
export interface SoundInput extends ModelInput {
  readonly frontEnd: FrontEndConfig;
  readonly windowFrames: number;
  /** The bandwidth, level and noise floor measured in a sample of the recordings; absent where none were measured. */
  readonly heard?: SoundRange;
  /** Describes the network of a network file for a form of the input. Absent for a model by name. */
  readonly describe?: SoundDefinition["describe"];
}

/**
 * Chooses the front end and the window of a new run. One that begins with the weights of another network takes them from there, as
 * weights are meaningful only for the features that they were trained on.
 */
export async function modelInputFor(
  request: RunRequest,
  { clips, name }: Pick<AudioCollection, "clips" | "name">,
  first: FirstNetwork | undefined,
  warn: Warn,
): Promise<SoundInput> {
  const survey = await surveyRecordings(clips);
  const { range } = survey;
  if (!first) return { ...(await chosenInput(request, clips, survey)), ...(range && { heard: range }) };
  const { heard, ...modelInput } = modelInputOf(first);
  if (!range || !heard) return { ...modelInput, ...(range && { heard: range }) };
  // The level is that of the new training; how much of the band there is, is not.
  const listener = { frontEnd: modelInput.frontEnd, normalizesExamples: true, holdsRange: false };
  for (const { message } of outsideRange(range, heard, listener)) await warn(`${name} ${message}`);
  return { ...modelInput, heard: range };
}

async function chosenInput(
  request: RunRequest,
  clips: readonly AudioClip[],
  survey: Survey,
): Promise<SoundInput> {
  const {
    frontEnd,
    window,
    model = recipeFor("sound", request.recipe).values({ examples: 1 }).model,
  } = request;
  const own = await soundDefinition(model);
  const { fitsInput } = recipeFor("sound", request.recipe);
  const fitted = fitsInput ? chooseFrontEnd(own.frontEnd, survey) : frontEndConfig(own.frontEnd);
  const config = frontEnd ? frontEndOf(frontEnd) : fitted;
  const chosenFrames = (): Promise<number> | number =>
    fitsInput ? chooseWindowFrames(own, config, clips) : framesOfWindow(config, own.windowSeconds);
  const windowFrames = window === undefined ? await chosenFrames() : framesOfWindow(config, window);
  const { describe } = own;
  return { model, frontEnd: config, windowFrames, ...(describe && { describe }) };
}

function modelInputOf({ title, metadata, from }: FirstNetwork): SoundInput {
  const { frontEnd, windowFrames, heard } = audioDescription(metadata, from);
  return { model: title, frontEnd, windowFrames, ...(heard && { heard }) };
}

/** The fraction of the band without sound above which it is mentioned. */
const EMPTY = 0.15;

/** Describes the band in which there is sound, as a sentence; undefined where it is the one that the model was made for. */
export function describeModelInput({
  model,
  frontEnd,
  heard,
}: Pick<SoundConfig, "model" | "frontEnd" | "heard">): string | undefined {
  if (!heard) return undefined;
  const [, most] = heard.bandwidth;
  const top = highestFrequency(frontEnd);
  const own =
    model in AUDIO_MODELS
      ? highestFrequency(frontEndConfig(AUDIO_MODELS[model as keyof typeof AUDIO_MODELS].frontEnd))
      : top;
  const found = `No recording has sound above ${kilohertz(most)}`;
  if (most < (1 - EMPTY) * top) {
    return `${found}, and the front end covers up to ${kilohertz(top)}: much of each feature frame is empty.`;
  }
  if (top >= own) return undefined;
  const bands = "melBands" in frontEnd ? `, in ${frontEnd.melBands} mel bands` : "";
  return (
    `${found}: the front end of ${model} covers up to ${kilohertz(top)} instead of ${kilohertz(own)}${bands}, at ` +
    `${frontEnd.sampleRate.toLocaleString("en")} Hz.`
  );
}

function kilohertz(hertz: number): string {
  return `${(hertz / 1000).toFixed(1)} kHz`;
}
