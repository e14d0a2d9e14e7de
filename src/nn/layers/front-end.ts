import {
  firstStepMiddle,
  frontEnd,
  windowSamples,
  type FrontEndOptions,
} from "../../audio/front-end/index.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";

export interface AudioFrontEndOptions extends LayerOptions {
  /** The features to compute: a kind of representation and its options, or a preset of FRONT_END_PRESETS. */
  readonly frontEnd: FrontEndOptions;
}

const OPTIONS: OptionNames<AudioFrontEndOptions> = { frontEnd: true, ...LAYER_OPTIONS };

/**
 * A front end as a model's first layer: waveforms `[N, samples, 1]` to features `[N, time, frequency, channel]`. It has no
 * weights; its configuration is stored with the model.
 *
 * @example
 * const model = sequential([
 *   audioFrontEnd({ frontEnd: FRONT_END_PRESETS["librosa-log-mel"], inputShape: [66150, 1] }),
 *   conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
 *   globalAveragePooling2d(),
 *   dense({ units: 10 }),
 * ]);
 * @throws AuricleError "argument" naming each option of the front end that makes no sense
 */
export function audioFrontEnd(options: AudioFrontEndOptions): Layer {
  checkOptions("audioFrontEnd", options, OPTIONS);
  const given = checksFor("audioFrontEnd").other("frontEnd", options.frontEnd, {
    type: "object",
    wanted: 'an object such as { kind: "melSpectrogram" }',
    // What is in it, the front end checks itself.
    parse: (value) => (typeof value === "object" && value !== null ? (value as FrontEndOptions) : undefined),
  });
  const front = frontEnd(given);
  const size = windowSamples(front);
  const before = Math.round(size / 2 - firstStepMiddle(front));
  return makeLayer(
    {
      className: "AudioFrontEnd",
      factory: "audioFrontEnd",
      config: { frontEnd: front.config },
      axes: ["samples", "1"],
      advice: "mix channels to one first",
      call: ([waveform]) => front.apply(waveform),
      window: { size: [size], strides: [front.hopLength], dilations: [1], padding: [[before, before]] },
    },
    options,
  );
}
