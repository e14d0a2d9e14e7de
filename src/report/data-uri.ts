/** @file Bytes inside a page. Browser-safe. */

/** "data:image/png;base64,…". */
export function dataUri(mediaType: string, bytes: Uint8Array): string {
  return `data:${mediaType};base64,${base64(bytes)}`;
}

/** The length of what {@link dataUri} gives. */
export function dataUriLength(mediaType: string, byteCount: number): number {
  return `data:${mediaType};base64,`.length + 4 * Math.ceil(byteCount / 3);
}

/** A multiple of 3, so that the pieces' texts join; few enough for arguments of one call. */
const PIECE = 3 * 4096;

/** In base64. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += PIECE) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE)));
  }
  return text;
}
