/** @file Sounds that checks give to the studio. */
import { encodeWav } from "../../dist/audio/index.js";

/** Tones of equal loudness, as the studio decodes them from 16 bits. @param {number} rate @param {number} seconds @param {readonly number[]} hertz */
export function tones(rate, seconds, hertz) {
  return Float32Array.from({ length: Math.round(rate * seconds) }, (_, i) => {
    const sum = hertz.reduce((total, each) => total + Math.sin((2 * Math.PI * each * i) / rate), 0);
    return Math.round((32767 * 0.8 * sum) / hertz.length) / 32768;
  });
}

/** @param {Float32Array} samples @param {number} rate @param {number} [channels] all with the same samples */
export function wavOf(samples, rate, channels = 1) {
  return wavOfChannels(
    Array.from({ length: channels }, () => samples),
    rate,
  );
}

/** @param {readonly Float32Array[]} channels @param {number} rate */
export function wavOfChannels(channels, rate) {
  return Buffer.from(encodeWav({ sampleRate: rate, channels }));
}

/** Gives the page a sound as if it had been chosen. @param {Float32Array | readonly Float32Array[]} samples those of each channel, where there are several */
export async function dropSound(page, name, samples, rate) {
  const channels = samples instanceof Float32Array ? [samples] : samples;
  await page
    .getByLabel("Open a sound…")
    .locator("input[type=file]")
    .setInputFiles({ name, mimeType: "audio/wav", buffer: wavOfChannels(channels, rate) });
}
