/** @file Data sets that are wholly in memory: float arrays, and images as bytes. Browser-safe. */

import { AuricleError } from "../errors.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { writeUnits } from "../runtime/unit-bytes.ts";
import { checkArray, dtypeOf, type FloatArray, type NumericArray } from "../tensor/array.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { checkRead, type Dataset } from "./dataset.ts";
import { shownValue } from "../shown-value.ts";

export interface ArrayDatasetOptions {
  readonly name: string;
  /** `[N, ...inputShape]`. */
  readonly inputs: FloatArray;
  /** `[N]` int32 for class indices, otherwise `[N, ...targetShape]`. */
  readonly targets: NumericArray;
  readonly axisNames?: readonly string[];
  /** Where given, labels must be in 0 … classNames.length - 1. */
  readonly classNames?: readonly string[];
}

const ARRAY_OPTIONS: OptionNames<ArrayDatasetOptions> = {
  name: true,
  inputs: true,
  targets: true,
  axisNames: true,
  classNames: true,
};

/**
 * A data set over arrays, which it keeps by reference: changes to them show.
 * @throws AuricleError "shape" when an array has not the numbers that its shape holds; "data" when the counts differ, a number is NaN or infinite (the message names the example),
 * or a label is out of range.
 */
export function arrayDataset(options: ArrayDatasetOptions): Dataset {
  checkOptions("arrayDataset", options, ARRAY_OPTIONS);
  const { name, inputs, targets, classNames } = options;
  const length = checkCounts(name, inputs.shape, targets.shape);
  checkArray(inputs, `data set "${name}", inputs`);
  checkArray(targets, `data set "${name}", targets`);
  const inputShape = inputs.shape.slice(1);
  const targetShape = targets.shape.slice(1);
  const isLabels = targets.data instanceof Int32Array && targetShape.length === 0;
  checkAxisNames(name, options.axisNames, inputShape);
  checkFinite(name, "input", inputs.data, inputShape);
  if (isLabels) checkLabels(name, targets.data, classNames);
  else if (classNames) throw needsClassIndices(name, targets);
  else checkFinite(name, "target", targets.data, targetShape);

  const dataset: Dataset = {
    name,
    length,
    inputShape,
    targetShape,
    targetDtype: dtypeOf(targets),
    ...(options.axisNames && { axisNames: options.axisNames }),
    ...(classNames && { classNames }),
    ...(isLabels && { labels: targets.data }),
    read(indices, inputsOut, targetsOut) {
      checkRead(dataset, indices, inputsOut, targetsOut);
      copyRows(inputs.data, sizeOf(inputShape), indices, inputsOut);
      copyRows(targets.data, sizeOf(targetShape), indices, targetsOut);
    },
  };
  return dataset;
}

export interface ImageDatasetOptions {
  readonly name: string;
  /** N images of height × width × channels, row-major, channels last: 0 is black, 255 is white. */
  readonly images: Uint8Array;
  /** `[height, width, channels]` of one image. */
  readonly imageShape: readonly [number, number, number];
  /** The class index of each image. */
  readonly labels: ArrayLike<number>;
  readonly classNames: readonly string[];
}

const IMAGE_OPTIONS: OptionNames<ImageDatasetOptions> = {
  name: true,
  images: true,
  imageShape: true,
  labels: true,
  classNames: true,
};

/**
 * A data set of images kept as bytes (60,000 of 28×28 take 47 MB, a quarter of what float32 takes); reading scales
 * them to 0 … 1.
 * @throws AuricleError "data" when counts and shape do not fit or a label is out of range.
 */
export function imageDataset(options: ImageDatasetOptions): Dataset {
  checkOptions("imageDataset", options, IMAGE_OPTIONS);
  const { name, images, imageShape, classNames } = options;
  const labels = Int32Array.from(options.labels);
  const imageSize = sizeOf(imageShape);
  if (images.length !== labels.length * imageSize) {
    throw new AuricleError(
      "data",
      `data set "${name}": ${labels.length} labels need ${labels.length} images of ${formatShape(imageShape)}, ` +
        `${labels.length * imageSize} bytes; got ${images.length}`,
    );
  }
  checkLabels(name, labels, classNames);
  const dataset: Dataset = {
    name,
    length: labels.length,
    inputShape: imageShape,
    axisNames: ["height", "width", "channel"],
    targetShape: [],
    targetDtype: "int32",
    classNames,
    labels,
    read(indices, inputs, targets) {
      checkRead(dataset, indices, inputs, targets);
      const wanted = Array.from(indices, (index) =>
        images.subarray(index * imageSize, (index + 1) * imageSize),
      );
      writeUnits(wanted, inputs);
      for (let i = 0; i < indices.length; i++) targets[i] = labels[indices[i]];
    },
  };
  return dataset;
}

function copyRows(
  from: Float32Array | Int32Array,
  rowLength: number,
  rows: ArrayLike<number>,
  to: Float32Array | Int32Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i] * rowLength;
    to.set(from.subarray(start, start + rowLength), i * rowLength);
  }
}

function checkCounts(name: string, inputs: Shape, targets: Shape): number {
  if (inputs.length === 0 || targets.length === 0 || inputs[0] !== targets[0]) {
    throw new AuricleError(
      "data",
      `data set "${name}": the first axis of inputs and targets must be the same number of examples; ` +
        `got inputs ${formatShape(inputs)} and targets ${formatShape(targets)}`,
    );
  }
  return inputs[0];
}

function checkAxisNames(name: string, axisNames: readonly string[] | undefined, inputShape: Shape): void {
  if (axisNames && axisNames.length !== inputShape.length) {
    throw new AuricleError(
      "data",
      `data set "${name}": axisNames must name each axis of one example, ${formatShape(inputShape)}; ` +
        `got ${axisNames.length}: ${axisNames.join(", ")}`,
    );
  }
}

function checkFinite(name: string, what: string, data: Float32Array | Int32Array, shape: Shape): void {
  const position = data.findIndex((value) => !Number.isFinite(value));
  if (position < 0) return;
  const size = sizeOf(shape);
  throw new AuricleError(
    "data",
    `data set "${name}": every number must be finite; got ${shownValue(data[position])} in the ${what} of example ` +
      `${Math.floor(position / size)} at position ${position % size}; correct that example or leave it out`,
  );
}

function checkLabels(name: string, labels: Int32Array, classNames: readonly string[] | undefined): void {
  const classes = classNames?.length ?? Infinity;
  const example = labels.findIndex((label) => label < 0 || label >= classes);
  if (example < 0) return;
  const range = classNames ? `0 … ${classes - 1}, as there are ${classes} class names` : "0 or more";
  throw new AuricleError(
    "data",
    `data set "${name}": a label must be ${range}; got ${shownValue(labels[example])} for example ${example}`,
  );
}

function needsClassIndices(name: string, targets: NumericArray): AuricleError {
  return new AuricleError(
    "data",
    `data set "${name}": class names go with one class index per example, an int32 array of shape [N]; ` +
      `got ${dtypeOf(targets)} targets of shape ${formatShape(targets.shape)}`,
  );
}
