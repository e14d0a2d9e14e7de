/**
 * @file Auricle's own side of the features bench: the log-mel features of one clip, one JSON line, as the peers print
 * theirs. The features are computed by a front end as an application would, from and to arrays of its own.
 *
 *     node bench/auricle-features.mjs --clip clip.f32 --threads 1 --target wasm --seconds 5
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FeatureExtractor, frontEnd } from "../dist/audio/front-end/index.js";
import { chooseTarget } from "../dist/runtime/target.js";

const { values: flags } = parseArgs({
  options: {
    clip: { type: "string", default: "" },
    threads: { type: "string", default: "1" },
    target: { type: "string" },
    seconds: { type: "string", default: "5" },
  },
});
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const settings = JSON.parse(readFileSync(new URL("peers/features.json", import.meta.url), "utf8"));
const { sampleRate, fftSize, hopLength, melBands, offset } = settings;
const bytes = readFileSync(flags.clip);
const clip = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const target = chooseTarget(flags.target);
const threads = Number(flags.threads);
/** The engine's optimising compiler must have replaced its quick first code. */
const WARM_UP_SECONDS = 1;

const scale = { kind: "naturalLog", offset };
const config = { kind: "melSpectrogram", sampleRate, fftSize, hopLength, melBands, scale };
const extractor = new FeatureExtractor(frontEnd(config), { target, threads });
const features = extractor.extract(clip);

const warm = performance.now() + WARM_UP_SECONDS * 1000;
while (performance.now() < warm) extractor.extract(clip);
// The optimising compiler hands its code over between turns of the event loop.
await new Promise((resolve) => setTimeout(resolve, 200));
const times = [];
const start = performance.now();
while (times.length < 3 || performance.now() - start < Number(flags.seconds) * 1000) {
  const begin = performance.now();
  extractor.extract(clip);
  times.push(performance.now() - begin);
}
times.sort((a, b) => a - b);
const line = {
  peer: "auricle",
  version,
  target,
  threads,
  ms: Number(times[times.length >> 1].toFixed(4)),
  best: Number(times[0].toFixed(4)),
  runs: times.length,
  mean: features.reduce((sum, value) => sum + value, 0) / features.length,
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(line));
process.exit(0);
