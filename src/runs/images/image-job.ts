import type { PixelStore } from "../../data/images/pixels/pixel-store.ts";
import type { ImageCollection } from "../../data/images/index.ts";
import type { Job, Run } from "../run-kind.ts";
import type { ImageConfig } from "./image-config.ts";

/** As {@link Job}, of images. */
export interface ImageJob extends Job {
  readonly config: ImageConfig;
  readonly store: PixelStore;
}

/** As {@link Run}, of images. */
export interface ImageRun extends Run {
  readonly job: ImageJob;
  readonly collection: ImageCollection;
}
