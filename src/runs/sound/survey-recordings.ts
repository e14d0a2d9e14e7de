/** @file A survey of a data set's recordings, from a sample of them. Browser-safe. */

import type { MonoAudio } from "../../audio/audio.ts";
import { openAudioFile } from "../../audio/node.ts";
import { measureSound } from "../../audio/measure-sound.ts";
import { joinRanges, type SoundRange } from "../../audio/sound-range.ts";
import type { AudioClip } from "../../data/audio/index.ts";
import { AuricleError } from "../../errors.ts";
import { evenlySpaced } from "../../evenly-spaced.ts";

/** The most clips that are measured. */
const SAMPLE = 100;

/** The length of the stretch that is measured in the middle of each clip, in seconds. */
const SECONDS = 10;

/** Picks clips spread evenly over the data: the same ones for the same data. */
export function sampleOf(clips: readonly AudioClip[]): AudioClip[] {
  return evenlySpaced(clips, SAMPLE);
}

export interface Survey {
  /** The bandwidth, level and noise floor that were measured; undefined where there is only silence. */
  readonly range: SoundRange | undefined;
  /** The highest sample rate among the recordings, in Hz; 0 where none could be read. */
  readonly sampleRate: number;
  /** The number of recordings that were measured. */
  readonly recordings: number;
}

/** Measures a sample of the recordings. Those that cannot be read are left out; they are reported later. */
export async function surveyRecordings(clips: readonly AudioClip[]): Promise<Survey> {
  let survey: Survey = { range: undefined, sampleRate: 0, recordings: 0 };
  for (const clip of sampleOf(clips)) {
    const audio = await middleOf(clip);
    if (!audio) continue;
    survey = {
      range: joinRanges(survey.range, measureSound(audio)),
      sampleRate: Math.max(survey.sampleRate, audio.sampleRate),
      recordings: survey.recordings + 1,
    };
  }
  return survey;
}

async function middleOf({ path, start, end }: AudioClip): Promise<MonoAudio | undefined> {
  try {
    const file = await openAudioFile(path);
    try {
      const last = Math.min(end ?? Infinity, file.info.duration ?? Infinity);
      const from = Number.isFinite(last) ? Math.max(start, (start + last - SECONDS) / 2) : start;
      return await file.readMono({ start: from, duration: Math.min(SECONDS, last - from) });
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof AuricleError) return undefined;
    throw error;
  }
}
