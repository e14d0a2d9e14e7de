/** @file The results of inspecting pictures: plain data, to be written as JSON. Browser-safe. */

import type { FileProblem } from "../../collection/collection.ts";
import type { Findings } from "../../collection/findings.ts";
import type { NumberSummary, ValueCount } from "../../collection/summary.ts";
import type { PictureDuplicate } from "../duplicates/find-duplicates.ts";
import type { PixelFormat } from "../pixels/messages.ts";

export const PICTURE_PROBLEM_KINDS = [
  /** It cannot be read, decoded or assigned to a class. */
  "unusable",
  "empty",
  /** Decoded, but with defects. */
  "damaged",
  /** Its name promises another format. */
  "wrongExtension",
  "oneColor",
  "tiny",
  /** Much longer than wide, or wider than long. */
  "extremeShape",
] as const;

export type PictureProblemKind = (typeof PICTURE_PROBLEM_KINDS)[number];

/** A problem with one file. */
export interface PictureProblem extends FileProblem {
  readonly kind: PictureProblemKind;
}

/** Pixels; all 0 where there are none. */
export interface SideSummary {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface PictureClassSummary {
  readonly name: string;
  readonly pictures: number;
  readonly width: SideSummary;
  readonly height: SideSummary;
}

/** A summary of the pictures that can be used, as they are seen: upright. */
export interface PictureSummary {
  readonly pictures: number;
  readonly groups: number;
  readonly width: SideSummary;
  readonly height: SideSummary;
  /** Pictures by width / height: below 3/4, up to 4/3, above. */
  readonly shapes: Readonly<Record<"upright" | "square" | "wide", number>>;
  /** One for each class or tag; empty in a regression. */
  readonly classes: readonly PictureClassSummary[];
  /** Empty but in a regression. */
  readonly numbers: readonly NumberSummary[];
  /** "jpeg", "png", …; "archive" for one of many in a file. */
  readonly formats: readonly ValueCount<string>[];
  /** Pictures without a pixel that has a colour. */
  readonly grey: number;
  /** Pictures with a pixel that is not opaque. */
  readonly transparent: number;
  /** Pictures that EXIF's orientation turns or mirrors. */
  readonly turned: number;
  /** Pictures whose file holds several, of which the first counts. */
  readonly animated: number;
  /** Pictures with more than 8 bits a sample, of which 8 are used. */
  readonly deep: number;
}

export interface PictureInspection extends Findings<PictureProblem, PictureDuplicate> {
  readonly medium: "pictures";
  readonly summary: PictureSummary;
  /** The size and form of a model's input that training chooses for these pictures. */
  readonly input: PixelFormat;
}
