/** @file Stretches of time and bands of frequency: what a view shows of a sound, and what is selected in it. */

/** In seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The selected part of a sound: a time, and where it is a spectrogram that shows it, a band. */
export interface Region extends Span {
  /** In Hz; undefined: all frequencies. */
  readonly band?: { readonly low: number; readonly high: number };
}

export function lengthOf({ from, to }: Span): number {
  return to - from;
}

/** The span moved into a sound of `seconds`; one that is longer is the whole. */
export function within(span: Span, seconds: number): Span {
  const length = Math.min(lengthOf(span), seconds);
  const from = Math.min(Math.max(0, span.from), seconds - length);
  return { from, to: from + length };
}

/**
 * A view `factor` times as long, in which the moment `at` stays where it was.
 * @param shortest seconds; a view never gets shorter
 */
export function zoomed(view: Span, factor: number, at: number, seconds: number, shortest: number): Span {
  const length = Math.min(seconds, Math.max(Math.min(shortest, seconds), lengthOf(view) * factor));
  const part = (at - view.from) / lengthOf(view);
  return within({ from: at - part * length, to: at + (1 - part) * length }, seconds);
}

/** The view moved by a part of its length. */
export function panned(view: Span, part: number, seconds: number): Span {
  const by = part * lengthOf(view);
  return within({ from: view.from + by, to: view.to + by }, seconds);
}

/** The place of a moment in a view, 0 at its left end and 1 at its right. */
export function placeOf(time: number, view: Span): number {
  return (time - view.from) / lengthOf(view);
}

/** Two values in their order. */
export function ordered(a: number, b: number): readonly [low: number, high: number] {
  return a <= b ? [a, b] : [b, a];
}
