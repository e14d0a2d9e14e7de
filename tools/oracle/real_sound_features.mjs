/**
 * @file The other half of check_real_sound.py: reads front ends and clips from a JSON file, and writes the features of each
 * clip as float32 to where it says.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { FeatureExtractor, frontEnd } from "../../dist/audio/front-end/index.js";

const { target, work } = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const { options, clips } of work) {
  const extractor = new FeatureExtractor(frontEnd(options), { target });
  for (const { input, output } of clips) {
    const bytes = readFileSync(input);
    const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    writeFileSync(output, extractor.extract(samples));
  }
}
process.exit(0);
