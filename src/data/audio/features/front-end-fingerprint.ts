/** @file The fingerprint that tells features of two front ends apart in the cache. Browser-safe. */

import { sha256 } from "#here/io/sha256";
import type { FrontEnd } from "../../../audio/front-end/front-end.ts";
import { Generator } from "../../../random/generator.ts";
import { ClipExtractor } from "./workers/clip-extractor.ts";

/** The number of samples of the test signal, unless the front end needs more for a step. */
const SAMPLES = 8192;

/**
 * A hash of a front end's configuration and of its features of a test signal, noise that fades away: so
 * features computed by an older version whose numbers were different are not found.
 */
export function frontEndFingerprint(frontEnd: FrontEnd, leastSamples: number): string {
  const random = new Generator(1);
  const samples = Math.max(SAMPLES, leastSamples);
  const signal = Float32Array.from(
    { length: samples },
    (_, i) => (random.uniform() - 0.5) * (1 - i / samples),
  );
  const hash = sha256().update(JSON.stringify(frontEnd.config));
  const extractor = new ClipExtractor(frontEnd.config, leastSamples);
  extractor.begin({
    append(steps) {
      hash.update(new Uint8Array(steps.buffer, steps.byteOffset, steps.byteLength));
    },
  });
  extractor.push(signal);
  extractor.finish();
  return hash.digest();
}
