/** @file One example on the page: what was said of it, its spectrogram or picture, probabilities over time, and its sound. Browser-safe. */

import type { Task } from "../data/collection/collection.ts";
import { frequencyTicks, linearAxis, decimalText, type Tick } from "./axis.ts";
import { dataUri } from "./data-uri.ts";
import type { ExampleView, OutputView } from "./example-views.ts";
import { formatDuration, formatNumber, formatPercent } from "./format.ts";
import { html, type Html } from "./html.ts";
import { pictureUri } from "./picture-image.ts";
import { percent, svg, tickLabel, units } from "./plot.ts";
import type {
  AudioPreview,
  ExampleResult,
  PicturePreview,
  SpectrogramPreview,
  WindowResult,
} from "./report-data.ts";
import { soundPlayer } from "./sound-player.ts";
import { spectrogramImage } from "./spectrogram-image.ts";

/** How much of an example is drawn. */
export interface CardContent {
  readonly picture: boolean;
  readonly sound: boolean;
}

/** Points of a strip at most; of windows that fall together, the mean is drawn. */
const STRIP_POINTS = 100;

/** The card has the address `#example-<key>`; the script finds a group's cards by `data-groups`. */
export function exampleCard(view: ExampleView, task: Task, content: CardContent): Html {
  const { result, isWrong, groups } = view;
  const { spectrogram, audio, picture: image } = result.preview ?? {};
  const sound = content.sound ? audio : undefined;
  const isRegression = task === "regression";
  return html`<article
    class="example ${isRegression ? "number" : isWrong ? "wrong" : "right"}"
    id="example-${view.key}"
    data-groups="${groups.map(({ key }) => key).join(" ")}"
  >
    <h4>${result.id}</h4>
    <p class="verdict">${view.verdict}</p>
    ${content.picture && image && imageOf(result, image)}
    ${
      (content.picture && spectrogram) || result.windows.length > 1
        ? html`<div class="timeline">
            ${content.picture && spectrogram && picture(result, spectrogram, sound)}
            ${result.windows.length > 1 && view.outputs.map((output) => strip(result, output, isRegression))}
            <div class="x-ticks" aria-hidden="true">
              ${timeTicks(result.seconds).map((tick) => tickLabel(tick, "left"))}
            </div>
          </div>`
        : undefined
    }
    ${sound && player(result, sound)} ${!isRegression && bars(view)}
  </article>`;
}

/** Small pictures are enlarged, and show their pixels. */
function imageOf({ id }: ExampleResult, image: PicturePreview): Html {
  return html`<div class="picture image">
    <img src="${pictureUri(image)}" alt="${id}" loading="lazy" decoding="async" />
  </div>`;
}

function picture(
  result: ExampleResult,
  spectrogram: SpectrogramPreview,
  sound: AudioPreview | undefined,
): Html {
  const { values, frames, bins, frequencies } = spectrogram;
  const uri = dataUri("image/png", spectrogramImage(values, frames, bins));
  const [low, high] = [frequencies[0], frequencies[frequencies.length - 1]].map(formatNumber);
  const alt = `Spectrogram of ${formatDuration(result.seconds)}, ${low} to ${high} Hz`;
  return html`<div class="y-ticks" aria-hidden="true">
      <span class="unit">Hz</span>${frequencyTicks(frequencies).map((tick) => tickLabel(tick, "bottom"))}
    </div>
    <div class="picture">
      <img src="${uri}" alt="${alt}" loading="lazy" decoding="async" />${
        sound &&
        html`<div class="excerpt" style="${span(result, sound)}"></div>
          <div class="cursor" hidden></div>`
      }
    </div>`;
}

function span({ seconds }: ExampleResult, { start, end }: AudioPreview): string {
  const length = Math.max(seconds, end);
  return `left:${percent(start / length)};width:${percent((end - start) / length)}`;
}

function player(result: ExampleResult, { wav, start, end }: AudioPreview): Html {
  const isWhole = start < 0.01 && end > result.seconds - 0.01;
  const what = isWhole ? "all of it" : `${decimalText(start, 0.1)} … ${decimalText(end, 0.1)} s`;
  const label = `${result.id}, ${what}`;
  return soundPlayer({ wav, label, start, seconds: Math.max(result.seconds, end), note: what });
}

function timeTicks(seconds: number): readonly Tick[] {
  const inMinutes = seconds > 120;
  const text = (value: number, step: number) => decimalText(value, step) + (inMinutes ? " min" : " s");
  return linearAxis("", [0, inMinutes ? seconds / 60 : seconds], 5, text).ticks;
}

/** The probability of a class by window, as steps; of a regression, the number between its least and greatest. */
function strip(result: ExampleResult, { index, name, role }: OutputView, isRegression: boolean): Html {
  const values = result.windows.map(({ outputs }) => outputs[index]);
  const least = values.reduce((a, b) => Math.min(a, b));
  const greatest = values.reduce((a, b) => Math.max(a, b));
  const text = isRegression ? formatNumber : (value: number) => formatPercent(value, 0);
  const height = (value: number) =>
    isRegression ? (greatest > least ? (value - least) / (greatest - least) : 0.5) : value;
  const description = `${name} by window: ${text(least)} … ${text(greatest)}`;
  return html`<div class="strip-name" title="${name}">${name}</div>
    <div class="strip ${role}" title="${description}">
      ${svg(description, html`<path d="${stepPath(result, values.map(height))}" />`)}
    </div>`;
}

/** Filled steps: each window stands for the time that is nearer to its middle than to its neighbours'. */
function stepPath({ windows, seconds }: ExampleResult, heights: readonly number[]): string {
  const length = Math.max(seconds, windows[windows.length - 1].end);
  const joined = Math.ceil(windows.length / STRIP_POINTS);
  let path = `M${units(windows[0].start / length)} 1000`;
  for (let first = 0; first < windows.length; first += joined) {
    const last = Math.min(first + joined, windows.length) - 1;
    const some = heights.slice(first, last + 1);
    const mean = some.reduce((a, b) => a + b, 0) / some.length;
    const next: WindowResult | undefined = windows[last + 1];
    const end = next ? (middle(windows[last]) + middle(next)) / 2 : windows[last].end;
    path += `V${units(1 - mean)}H${units(end / length)}`;
  }
  return `${path}V1000Z`;
}

function middle({ start, end }: WindowResult): number {
  return (start + end) / 2;
}

function bars({ result, outputs }: ExampleView): Html {
  return html`<ul class="bars">
    ${outputs.map(
      ({ index, name, role }) =>
        html`<li class="${role}">
          <span>${name}</span><b>${formatPercent(result.outputs[index])}</b
          ><i style="width:${percent(result.outputs[index])}"></i>
        </li>`,
    )}
  </ul>`;
}
