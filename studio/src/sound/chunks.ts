/** @file How a sound is cut into the pieces that it is played in. */

/** Seconds of the first piece, which is there at once, and of the others. */
const FIRST = 1;
const REST = 8;

export interface Piece {
  /** Samples, the last exclusive. */
  readonly first: number;
  readonly last: number;
}

/** The pieces of samples first … last - 1, without gaps: a short one, then longer ones. */
export function* piecesOf(first: number, last: number, sampleRate: number): Generator<Piece> {
  let seconds = FIRST;
  for (let at = first; at < last; seconds = REST) {
    const end = Math.min(last, at + Math.ceil(seconds * sampleRate));
    yield { first: at, last: end };
    at = end;
  }
}

/** A piece of a sound with the sound's first and last samples faded in and out, in straight lines. */
export function fadePiece(
  samples: Float32Array,
  piece: Piece,
  whole: Piece,
  length: number,
): Float32Array<ArrayBuffer> {
  const fade = Math.max(1, Math.min(length, (whole.last - whole.first) / 2));
  const faded = new Float32Array(samples);
  // Most samples of a long piece are far from both ends.
  const risen = Math.min(faded.length, Math.max(0, Math.ceil(whole.first + fade - piece.first)));
  const falls = Math.min(faded.length, Math.max(risen, Math.floor(whole.last - 1 - fade - piece.first)));
  const apply = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      const at = piece.first + i;
      faded[i] *= Math.max(0, Math.min(1, (at - whole.first) / fade, (whole.last - 1 - at) / fade));
    }
  };
  apply(0, risen);
  apply(falls, faded.length);
  return faded;
}
