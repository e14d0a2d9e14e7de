/** @file The networks that a run on sound can have: a built-in one by name, or that of a network file. Browser-safe. */

import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import { AuricleError } from "../../errors.ts";
import { AUDIO_MODEL_NAMES, AUDIO_MODELS, isAudioModelName } from "../../models/index.ts";
import type { BuildRequest, Network } from "../../nn/index.ts";
import type { NetworkConfig } from "../../nn/network-plan.ts";
import type { Shape } from "../../tensor/shape.ts";
import { describedOnly } from "../networks/described-only.ts";
import { isNetworkFile } from "../networks/network-path.ts";
import { openNetworkFile } from "../networks/open-network-file.ts";

/** A network before it is built: the input that it was made for, and how it is built for another. */
export interface SoundDefinition {
  readonly frontEnd: FrontEndOptions;
  /** Seconds of one window. */
  readonly windowSeconds: number;
  /** @throws AuricleError "shape" when the network does not take such windows. */
  build(options: { readonly inputShape: Shape; readonly classes?: number }): Network;
  /** Describes the network that a run keeps; absent for a model that its name describes. */
  describe?(request: BuildRequest): NetworkConfig;
}

/** The input of a network file that does not state one. */
const DEFAULT = AUDIO_MODELS[AUDIO_MODEL_NAMES[0]];

/** @throws AuricleError "argument" for a model that is not for sound, and a file that describes no network. */
export async function soundDefinition(model: string): Promise<SoundDefinition> {
  if (isAudioModelName(model)) return AUDIO_MODELS[model];
  if (!isNetworkFile(model)) {
    throw new AuricleError(
      "argument",
      `train: ${model} is for images; for sound there are ${AUDIO_MODEL_NAMES.join(", ")}`,
    );
  }
  const { frontEnd, windowSeconds, build } = await openNetworkFile(model);
  return {
    frontEnd: frontEnd ?? DEFAULT.frontEnd,
    windowSeconds: windowSeconds ?? DEFAULT.windowSeconds,
    build: ({ inputShape, classes = 10 }) => build({ inputShape, classes, seed: 0 }),
    describe: (request) => describedOnly(model, build(request)),
  };
}
