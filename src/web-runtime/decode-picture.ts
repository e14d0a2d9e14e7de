/** @file The decoders of pictures, loaded with the first file. */
import { decodeImage } from "../image/decode-image.ts";
import type { DecodedImage } from "../image/image.ts";

/** @throws AuricleError "file" for anything but a picture, and for one of too many pixels */
export async function decodePicture(content: Blob, name: string): Promise<DecodedImage> {
  return decodeImage(await content.arrayBuffer(), name);
}
