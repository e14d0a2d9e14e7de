/** @file Pictures: decoding and resizing them. Browser-safe. */
export { decodeImage, readImageHeader, type DecodeImageOptions } from "./decode-image.ts";
export { IMAGE_FILE_EXTENSIONS } from "./detect-format.ts";
export type { DecodedImage, Image, ImageChannels, ImageFormat, ImageHeader } from "./image.ts";
export { resizeImage, type FitMode, type ResizeImageOptions } from "./resize/resize-image.ts";
