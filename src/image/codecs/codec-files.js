/**
 * @file Where the packages have the compiled decoders. JavaScript, since the build reads it too, to write
 * `jpeg-source.js` and `webp-source.js`.
 */

export const CODEC_FILES = {
  jpeg: "@cwasm/jpeg-turbo/jpeg-turbo.wasm",
  webp: "@cwasm/webp/webp.wasm",
};
