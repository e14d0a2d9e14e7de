/** @file A decoded picture. Browser-safe. */

/** Pixels row by row from the top left, each of `channels` bytes: grey, RGB, or RGBA with alpha that is not premultiplied. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly channels: ImageChannels;
  /** `height · width · channels` values, 0 … 255. */
  readonly data: Uint8Array;
}

export type ImageChannels = 1 | 3 | 4;

export type ImageFormat = "png" | "jpeg" | "webp" | "gif" | "bmp";

/** The contents of a picture's header. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** The width of the pixels as they are stored: an orientation from 5 on exchanges width and height. */
  readonly width: number;
  readonly height: number;
  /** EXIF's orientation, 1 … 8; 1 where none is stated. */
  readonly orientation: number;
  /** Channels of the decoded picture. */
  readonly channels: ImageChannels;
  /** Bits of a stored sample, or of an index into the palette. */
  readonly bits: number;
  /** Pictures in the file; the first is decoded. */
  readonly frames: number;
}

export interface DecodedImage extends Image {
  readonly format: ImageFormat;
  /** The defects of the file that did not prevent decoding it, in words. */
  readonly warnings: readonly string[];
}

/** The result of a format's decoder; the orientation is applied after. */
export interface Decoded extends Image {
  readonly warnings?: readonly string[];
}

/** A file's bytes and its name in messages. */
export interface ImageSource {
  readonly bytes: Uint8Array;
  readonly name: string;
}
