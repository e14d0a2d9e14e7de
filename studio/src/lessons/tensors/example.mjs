import { compile, floatArray } from "auricle";
import { frontEnd } from "auricle/audio";

// Three seconds of a tone of 440 Hz at 16,000 Hz: one example, one channel.
const tone = Float32Array.from({ length: 48_000 }, (_, t) => Math.sin((2 * Math.PI * 440 * t) / 16_000));
const waveform = floatArray(tone, [1, 48_000, 1]);

// Magnitudes [N, T, F, 1], and real and imaginary parts [N, T, F, 2].
const options = { sampleRate: 16_000, fftSize: 1024, hopLength: 256 };
const magnitudes = frontEnd({ kind: "spectrogram", ...options });
const parts = frontEnd({ kind: "complexSpectrogram", ...options });

for (const front of [magnitudes, parts]) {
  const { shape, data } = compile((x) => front.apply(x), [waveform.shape])(waveform);
  // Frame 94, bin 28, channel 0: about 1.5 s and 437 Hz.
  console.log(shape, data[(94 * shape[2] + 28) * shape[3]]);
}
