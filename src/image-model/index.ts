/** @file Models that look at pictures. Browser-safe. */
export { imageDescription, imageMetadata, pixelFormatSchema, type ImageDescription } from "./description.ts";
export { ImageModel } from "./image-model.ts";
