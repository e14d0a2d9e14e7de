/** @file The properties of all views of a sound: the sound, the part that is shown, the selection, and what to do with them. */
import type { Sound } from "../sound/player.svelte.ts";
import type { Region, Span } from "./span.ts";

export interface SoundViewProps {
  readonly sound: Pick<Sound, "samples" | "sampleRate">;
  /** Says what it is to those who do not see it. */
  readonly label: string;
  readonly title?: string;
  /** Default: the whole. */
  readonly view?: Span;
  readonly selection?: Region;
  readonly onselect?: (selection: Region | undefined) => void;
  readonly onview?: (view: Span) => void;
  readonly onplay?: () => void;
  /** Stretches under the pointer, in seconds and Hz. */
  readonly frames?: readonly Region[];
  /** The words for the place that is pointed at. */
  readonly said?: string;
  /** CSS pixels. */
  readonly height?: number;
  /** The sound whose playhead runs here too, such as the one that this was made of. */
  readonly playedAs?: Float32Array;
  /** Shows the time axis. Default true. */
  readonly hasTime?: boolean;
}

/** The part of a sound that its views show. */
export function shownSpan({ sound, view }: Pick<SoundViewProps, "sound" | "view">): Span {
  return view ?? { from: 0, to: sound.samples.length / sound.sampleRate };
}
