/** @file The filters of a first convolution as one picture. Browser-safe. */

import { relativeDecibels, RESPONSE_POINTS } from "../../explain/sound/frequency-response.ts";
import { linearAxis } from "../axis.ts";
import { MAGMA_COLORS } from "../../design/colors.ts";
import { orderedFilters } from "../filters.ts";
import type { FirstLayerFilters } from "../report-data.ts";
import { blank, fillRectangle, type RgbPicture } from "./canvas.ts";
import { framed } from "./framed.ts";
import { channelSheet } from "./sheet.ts";

/** Pixels for each point of a response, and for each filter. */
const POINT = 5;
const ROW = 8;

/** Decibels from black up. */
const RANGE = 60;

/**
 * Draws filters: those of a network on waveforms as rows of their frequency responses, the lowest below; others as one picture for each
 * filter and input channel.
 */
export function filterPicture(filters: FirstLayerFilters): RgbPicture {
  const { shape, data, sees, sampleRate } = filters;
  if (shape.length === 4) {
    const [first, second, inputs, count] = shape;
    return channelSheet({ shape: [first, second, inputs * count], data }, sees !== "pictures").picture;
  }
  const rows = orderedFilters(filters);
  const picture = blank(RESPONSE_POINTS * POINT, rows.length * ROW);
  rows.forEach(({ response }, row) =>
    relativeDecibels(response).forEach((decibels, point) => {
      const part = Math.max(0, 1 + decibels / RANGE);
      const color = MAGMA_COLORS[Math.round(part * (MAGMA_COLORS.length - 1))];
      const y = (rows.length - 1 - row) * ROW;
      fillRectangle(picture, { x: point * POINT, y, width: POINT, height: ROW - 1 }, color);
    }),
  );
  const scene = {
    picture,
    isSmooth: false,
    x: { unit: "Hz", ticks: linearAxis("", [0, sampleRate / 2], 6).ticks },
    y: { unit: "filter", ticks: [] },
    description: "frequency responses",
  };
  return framed(scene, `Frequency responses, black is -${RANGE} dB`);
}
