/** @file The first convolution's filters: kernels as pictures, or as curves with their frequency responses. Browser-safe. */

import { AuricleError } from "../errors.ts";
import { magnitudeResponse, relativeDecibels, RESPONSE_POINTS } from "../explain/sound/frequency-response.ts";
import { sizeOf } from "../tensor/shape.ts";
import { DIVERGING_COLORS } from "../design/colors.ts";
import { dataUri } from "./data-uri.ts";
import { countOf, formatCount, formatFrequency, formatNumber } from "./format.ts";
import { html, type Content, type Html } from "./html.ts";
import { linePath, svg } from "./plot.ts";
import { encodePng, encodeRgbPng } from "./png.ts";
import type { FirstLayerFilters } from "./report-data.ts";

/** Pictures of filters at most. */
const MOST_SHOWN = 128;

/** @throws AuricleError "shape" for a kernel of another rank, or data that do not fill it. */
export function filterSection(filters: FirstLayerFilters): Html {
  const { layer, shape, data } = filters;
  if ((shape.length !== 3 && shape.length !== 4) || sizeOf(shape) !== data.length) {
    throw new AuricleError(
      "shape",
      `report: filters of layer "${layer}" must be [time,inputs,filters] or [time,frequency,inputs,filters]; ` +
        `got shape [${shape.join(",")}] and ${data.length} weights`,
    );
  }
  const [inputs, count] = shape.slice(-2);
  // A filter in colour is one picture.
  const pictures = isInColor(filters) ? count : inputs * count;
  const shown = Math.min(pictures, MOST_SHOWN);
  return html`<section id="filters">
    <h2>Learned filters</h2>
    <p class="note">
      The ${countOf(count, "filter")} of ${layer}, the first convolution,
      ${sizeText(filters)}${pictures > count && `, for each of ${inputs} input channels`}.
      ${shape.length === 4 ? explainKernels(filters) : explainCurves(filters.sampleRate)}
      ${shown < pictures && `The first ${formatCount(shown)} are shown.`}
    </p>
    <div class="filters${shape.length === 3 && " curves"}">${drawn(filters, shown)}</div>
  </section>`;
}

function sizeText({ sees, shape: [time, frequency, ...rest] }: FirstLayerFilters): string {
  if (sees === "pictures") return `${time} high and ${frequency} wide`;
  return rest.length === 2 ? `${time} (time) × ${frequency} (frequency)` : `${time} samples long`;
}

function explainKernels(filters: FirstLayerFilters): string {
  if (isInColor(filters)) {
    return "Each is drawn in the colours that it looks for; grey is zero. Each has its own scale, whose limit is shown below it.";
  }
  const { sees } = filters;
  const axes = sees === "pictures" ? "" : "Time runs from left to right and frequency from bottom to top. ";
  return (
    `${axes}Red is positive, blue negative, white zero. ` +
    "Each filter has its own scale, whose limit is shown below it."
  );
}

function explainCurves(sampleRate: number): string {
  return (
    "Top: the weights over time. Bottom: the frequency response from 0 to " +
    `${formatFrequency(sampleRate / 2)} in decibels, down to -60. The filters are ordered by the frequency of their largest response.`
  );
}

function drawn(filters: FirstLayerFilters, shown: number): Content {
  if (isInColor(filters)) return colorKernels(filters, shown);
  return filters.shape.length === 4 ? kernels(filters, shown) : curves(filters);
}

/** Whether the filters see red, green and blue: each is then a picture in colour. */
function isInColor({ shape, sees }: FirstLayerFilters): boolean {
  return sees === "pictures" && shape.length === 4 && shape[2] === 3;
}

/** Grey is zero; each filter has one scale for its three channels, so that its colour is seen. */
function colorKernels({ shape, data }: FirstLayerFilters, shown: number): Content {
  const [height, width, inputs, count] = shape;
  return Array.from({ length: Math.min(count, shown) }, (_, filter) => {
    const weights = Array.from({ length: height * width * inputs }, (_, i) => data[i * count + filter]);
    const greatest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    const pixels = Uint8Array.from(weights, (weight) =>
      greatest > 0 ? Math.round(127.5 * (1 + weight / greatest)) : 128,
    );
    const uri = dataUri("image/png", encodeRgbPng(pixels, width, height));
    return html`<figure>
      <img src="${uri}" alt="Filter ${filter}" style="aspect-ratio:${width}/${height}" />
      <figcaption>${filter} <span>±${formatNumber(greatest)}</span></figcaption>
    </figure>`;
  });
}

function kernels({ shape, data, sees }: FirstLayerFilters, shown: number): Content {
  const [first, second, inputs, count] = shape;
  const isPicture = sees === "pictures";
  // Rows of a picture go down; frequencies go up, and time to the right.
  const [width, height] = isPicture ? [second, first] : [first, second];
  const middle = (DIVERGING_COLORS.length - 1) / 2;
  return Array.from({ length: shown }, (_, i) => {
    const [filter, input] = [Math.floor(i / inputs), i % inputs];
    const at = (x: number, y: number) => {
      const [row, column] = isPicture ? [y, x] : [x, height - 1 - y];
      return data[((row * second + column) * inputs + input) * count + filter];
    };
    const indices = new Uint8Array(width * height);
    let greatest = 0;
    for (let x = 0; x < width; x++) {
      for (let y = 0; y < height; y++) greatest = Math.max(greatest, Math.abs(at(x, y)));
    }
    for (let x = 0; x < width; x++) {
      for (let y = 0; y < height; y++) {
        const part = greatest > 0 ? at(x, y) / greatest : 0;
        indices[y * width + x] = Math.round(middle * (1 + part));
      }
    }
    const name = `Filter ${filter}${inputs > 1 ? `, channel ${input}` : ""}`;
    const uri = dataUri("image/png", encodePng(indices, width, height, DIVERGING_COLORS));
    return html`<figure>
      <img src="${uri}" alt="${name}" style="aspect-ratio:${width}/${height}" />
      <figcaption>${filter}${inputs > 1 && `.${input}`} <span>±${formatNumber(greatest)}</span></figcaption>
    </figure>`;
  });
}

/** A filter of a network on waveforms, and what it passes. */
export interface FilterCurve {
  readonly name: string;
  readonly taps: readonly number[];
  /** See `magnitudeResponse`. */
  readonly response: Float64Array;
  /** The place of its greatest value. */
  readonly peak: number;
}

/** The filters that are shown, by the frequency of their largest response. */
export function orderedFilters({ shape, data }: FirstLayerFilters): readonly FilterCurve[] {
  const [length, inputs, count] = shape;
  const all = Array.from({ length: inputs * count }, (_, i) => {
    const [filter, input] = [Math.floor(i / inputs), i % inputs];
    const taps = Array.from({ length }, (_, time) => data[(time * inputs + input) * count + filter]);
    const response = magnitudeResponse(taps);
    const peak = response.indexOf(response.reduce((a, b) => Math.max(a, b)));
    return { name: `${filter}${inputs > 1 ? `.${input}` : ""}`, taps, response, peak };
  });
  return all.slice(0, MOST_SHOWN).sort((a, b) => a.peak - b.peak);
}

function curves(filters: FirstLayerFilters): Content {
  const {
    sampleRate,
    shape: [length],
  } = filters;
  const frequencyOf = (point: number) => (point / (RESPONSE_POINTS - 1)) * (sampleRate / 2);
  return orderedFilters(filters).map(({ name, taps, response, peak }) => {
    const greatest = taps.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const wave = taps.map(
      (tap, n) => [n / Math.max(1, length - 1), greatest > 0 ? (1 + tap / greatest) / 2 : 0.5] as const,
    );
    const passed = [...relativeDecibels(response)].map(
      (decibels, point) => [point / (RESPONSE_POINTS - 1), (decibels + 60) / 60] as const,
    );
    const passing = formatFrequency(frequencyOf(peak));
    return html`<figure>
      ${svg(`Weights of filter ${name}`, html`<path class="line third" d="${linePath(wave)}" />`)}
      ${svg(`Filter ${name} passes ${passing} best`, html`<path class="line validation" d="${linePath(passed)}" />`)}
      <figcaption>${name} <span>${passing}</span></figcaption>
    </figure>`;
  });
}
