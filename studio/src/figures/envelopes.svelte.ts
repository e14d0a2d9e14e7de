/** @file Outlines of sounds, computed in the media worker stretch by stretch and kept as long as the sound is. */
import { transfer } from "comlink";
import { media } from "../engine/media.ts";
import { BLOCK, emptyOutline, type Envelope } from "./envelope.ts";

/** Samples that are handed over at once: copying them takes the page about a millisecond. */
const STRETCH = 4096 * BLOCK;

class GrowingEnvelope implements Envelope {
  readonly low: Float32Array;
  readonly high: Float32Array;
  ready = $state(0);

  constructor(samples: Float32Array) {
    ({ low: this.low, high: this.high } = emptyOutline(Math.ceil(samples.length / BLOCK)));
  }
}

const envelopes = new WeakMap<Float32Array, GrowingEnvelope>();

/** The outline of a sound, which grows until all of it was read; what is drawn from it is drawn again then. */
export function envelopeOf(samples: Float32Array): Envelope {
  let envelope = envelopes.get(samples);
  if (!envelope) {
    envelope = new GrowingEnvelope(samples);
    envelopes.set(samples, envelope);
    void grow(envelope, new WeakRef(samples));
  }
  return envelope;
}

/** Ends when nobody holds the sound any longer. */
async function grow(envelope: GrowingEnvelope, sound: WeakRef<Float32Array>): Promise<void> {
  for (let first = 0; ; first += STRETCH) {
    const part = sound.deref()?.slice(first, first + STRETCH);
    if (!part || part.length === 0) return;
    const { low, high } = await media().outline(transfer(part, [part.buffer]));
    envelope.low.set(low, first / BLOCK);
    envelope.high.set(high, first / BLOCK);
    envelope.ready = first / BLOCK + low.length;
  }
}
