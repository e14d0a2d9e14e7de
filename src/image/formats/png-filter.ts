/** @file The filters of PNG's rows (specification, 9). Browser-safe. */

import { damaged } from "../image-error.ts";
import type { ImageSource } from "../image.ts";

/**
 * Undoes the filters, in place.
 * @param rows each a byte with the filter's number, and `rowLength` filtered bytes
 * @param distance bytes between a sample and that of the pixel to its left
 */
export function unfilter(source: ImageSource, rows: Uint8Array, rowLength: number, distance: number): void {
  const stride = rowLength + 1;
  let above: Uint8Array = new Uint8Array(rowLength);
  for (let start = 0; start < rows.length; start += stride) {
    const row = rows.subarray(start + 1, start + stride);
    unfilterRow(source, rows[start], row, above, distance);
    above = row;
  }
}

function unfilterRow(
  source: ImageSource,
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  distance: number,
): void {
  const { length } = row;
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = distance; i < length; i++) row[i] += row[i - distance];
      return;
    case 2:
      for (let i = 0; i < length; i++) row[i] += above[i];
      return;
    case 3:
      for (let i = 0; i < length; i++) {
        row[i] += ((i < distance ? 0 : row[i - distance]) + above[i]) >> 1;
      }
      return;
    case 4:
      for (let i = 0; i < Math.min(distance, length); i++) row[i] += above[i];
      for (let i = distance; i < length; i++)
        row[i] += paeth(row[i - distance], above[i], above[i - distance]);
      return;
    default:
      throw damaged(source, "PNG", `there is no filter ${filter}`);
  }
}

/** The one of the three that is nearest to left + up - corner. */
function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
