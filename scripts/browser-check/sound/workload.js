/** @file Work on sound and pictures done both in Node.js and in browsers: the bits must be the same. Uses the package as an application does. */
import { modelFromBytes } from "auricle";
import { decodeAudio, FeatureExtractor, frontEnd, resample, toMono } from "auricle/audio";
import { AudioModel } from "auricle/audio-model";
import { decodeImage, resizeImage } from "auricle/image";

/** The recordings, by what decodes them. */
export const SOUNDS = {
  wav: "adpcm.wav",
  mp3: "signal.mp3",
  flac: "signal.flac",
  vorbis: "signal.ogg",
  opus: "signal.opus",
  webm: "recorded.webm",
};
/** The pictures of tools/oracle: one of each format, and harder kinds. */
export const PICTURES = "pictures.json";
const PICTURE_NAMES = [
  "png RGBA",
  "jpeg 4:2:0",
  "jpeg progressive",
  "jpeg CMYK",
  "webp lossy",
  "webp lossless",
  "gif",
  "bmp 8 bits",
];
export const MODEL = "model.safetensors";

/** FNV-1a over the bytes of arrays, as 8 hexadecimal digits. */
function checksum(arrays) {
  let hash = 0x811c9dc5;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** Checksums of what each part gives, or the message of the error that it throws. `read` returns a file's ArrayBuffer. */
export async function runSound(read, threads) {
  const engine = { target: "wasm", threads };
  const sums = {};
  const attempt = async (name, compute) => {
    try {
      sums[name] = checksum(await compute());
    } catch (error) {
      sums[name] = `${error.name}: ${error.message}`;
    }
  };
  for (const [name, file] of Object.entries(SOUNDS)) {
    await attempt(name, async () => (await decodeAudio(await read(file), file)).channels);
  }
  const recording = await decodeAudio(await read(SOUNDS.flac));
  await attempt("resample", async () => {
    const mono = toMono(recording);
    const results = [];
    for (const rate of [16_000, 44_099]) results.push((await resample(mono, rate)).samples);
    return results;
  });
  await attempt("front end", async () => {
    const mel = frontEnd({ kind: "melSpectrogram", sampleRate: recording.sampleRate, melBands: 40 });
    return [new FeatureExtractor(mel, engine).extract(toMono(recording))];
  });
  await attempt("prediction", async () => {
    const model = new AudioModel(modelFromBytes(await read(MODEL), undefined, engine));
    const { outputs, windows } = await model.predict(recording);
    return [outputs, ...windows.map((window) => window.outputs)];
  });
  const { files } = JSON.parse(new TextDecoder().decode(await read(PICTURES)));
  for (const name of PICTURE_NAMES) {
    await attempt(name, async () => {
      const { file } = files.find((other) => other.name === name);
      const image = await decodeImage(Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0)));
      return [image.data, resizeImage(image, { width: 20, height: 16 }).data];
    });
  }
  return { sums };
}
