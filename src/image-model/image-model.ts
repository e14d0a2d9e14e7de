/** @file A trained model that looks at pictures of any size. Browser-safe. */

import { inTargetUnits, windowOutputs } from "../audio-model/outputs.ts";
import type { Image } from "../image/image.ts";
import { resizeImage } from "../image/resize/resize-image.ts";
import type { FloatArray } from "../tensor/array.ts";
import { imageDescription, type DescribedNetwork, type ImageDescription } from "./description.ts";

/** A network and its description; it may compute in another thread. */
export interface SeeingNetwork extends DescribedNetwork {
  /** The outputs `[pictures, outputs]` for pictures `[pictures, height, width, channels]`. */
  predict(pictures: FloatArray): Promise<FloatArray>;
}

/** A model of pictures. Its answers are probabilities of classes or tags, or numbers, in the order of its class names. */
export class ImageModel {
  readonly description: ImageDescription;
  private readonly model: SeeingNetwork;

  /**
   * @param source the model's file, for messages
   * @throws AuricleError "file" when the model is not one of pictures.
   */
  constructor(model: SeeingNetwork, source = "the model") {
    this.model = model;
    this.description = imageDescription(model, source);
  }

  /** Returns a picture as the network sees it: `[height, width, channels]`, 0 … 1. */
  input(image: Image): Float32Array {
    return Float32Array.from(resizeImage(image, this.description.pixels).data, (byte) => byte / 255);
  }

  /** The outputs for each of some pictures. */
  predict(images: readonly Image[]): Promise<Float32Array[]> {
    return this.predictInputs(images.map((image) => this.input(image)));
  }

  /** As {@link predict}, for what {@link input} returned: pictures at full size take much memory. */
  async predictInputs(inputs: readonly Float32Array[]): Promise<Float32Array[]> {
    const { task, pixels, targetScale } = this.description;
    const { height, width, channels } = pixels;
    const size = height * width * channels;
    const data = new Float32Array(inputs.length * size);
    inputs.forEach((input, i) => data.set(input, i * size));
    const raw = await this.model.predict({ shape: [inputs.length, height, width, channels], data });
    return windowOutputs(task, raw).map((outputs) => inTargetUnits(outputs, targetScale));
  }
}
