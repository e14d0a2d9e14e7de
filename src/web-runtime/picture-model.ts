/** @file A model of pictures that was compiled for the web. Browser-safe. */
import { inTargetUnits, windowOutputs } from "../audio-model/outputs.ts";
import type { Image } from "../image/image.ts";
import { resizeImage } from "../image/resize/resize-image.ts";
import type { Machine } from "./machine.ts";
import { PlannedNetwork } from "./network.ts";
import type { PicturePlan, PlanOf } from "./plan.ts";

/** Answers as `ImageModel` does. */
export class PictureModel {
  private readonly plan: PlanOf<PicturePlan>;
  private readonly network: PlannedNetwork;

  constructor(plan: PlanOf<PicturePlan>, machine: Machine) {
    this.plan = plan;
    this.network = new PlannedNetwork(machine, plan.networks);
  }

  /** Probabilities of classes or tags, or numbers, in the order of the class names. */
  predict(image: Image): Float32Array {
    const { task, targetScale, input } = this.plan;
    const { width, height, channels } = input.pixels;
    const data = Float32Array.from(resizeImage(image, input.pixels).data, (byte) => byte / 255);
    const raw = this.network.answer({ shape: [1, height, width, channels], data });
    const [outputs] = windowOutputs(task, raw);
    return inTargetUnits(outputs, targetScale);
  }
}
