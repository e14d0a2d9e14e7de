/** @file An explanation as one HTML file that needs nothing else. Browser-safe. */

import { dataUri } from "../data-uri.ts";
import { htmlDocument } from "../document.ts";
import { filterSection } from "../filters.ts";
import { decimalText } from "../axis.ts";
import { formatDuration } from "../format.ts";
import { html, type Content, type Html } from "../html.ts";
import { percent, tickLabel } from "../plot.ts";
import { soundPlayer } from "../sound-player.ts";
import { scrollable } from "../tables.ts";
import { pngOf, type RgbPicture } from "./canvas.ts";
import type {
  ExplainedOutput,
  ExplanationData,
  ExplanationMap,
  FieldBox,
  LayerView,
  Scene,
  SoundClip,
} from "./explanation-data.ts";
import { overlay } from "./overlay.ts";

const EXPLANATION_STYLE = `
.scene .timeline { grid-template-columns: 3.6rem minmax(0, 1fr); max-width: 100%; }
.scene .timeline .y-ticks, .scene .timeline .picture { height: auto; aspect-ratio: var(--shape); }
.scene .timeline .y-ticks { aspect-ratio: auto; }
.scene.wide .timeline .picture, .scene.wide .timeline .y-ticks { aspect-ratio: auto; height: 12.5rem; }
.scene.sharp .picture img { image-rendering: pixelated; }
.scene.small { max-width: 27rem; }
.scene .player span { flex: 1 1 12rem; }
.maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); gap: 1.1rem; margin: 1rem 0; }
.maps.wide { grid-template-columns: minmax(0, 1fr); }
.maps .facts { margin: .6rem 0 0; font-size: .9rem; }
.maps h3 { margin: 0 0 .8rem; }
.field { position: absolute; border: 2px solid var(--tone); pointer-events: none; }
.tone::before { content: ""; display: inline-block; width: .8rem; height: .8rem; margin-right: .5rem; background: var(--tone); border: 1px solid var(--soft); }
.sheet img { display: block; max-width: 100%; height: auto; image-rendering: pixelated; border: 1px solid var(--line); }
.sheet { margin: 1rem 0; }
.legend i { display: inline-block; width: .9rem; height: .9rem; margin-right: .4rem; vertical-align: -.1em; }
.good { color: var(--right); } .bad { color: var(--wrong); }`;

/** Boxes of the layers' fields, light enough for a dark picture. */
const TONES = ["#ffd34d", "#5fe0c8", "#ff9d8a", "#b9a5ff", "#8fd0ff", "#d7f27a", "#ffb3e6", "#ffffff"];

/** Returns the text of the page. */
export function explanationPage(data: ExplanationData): string {
  const body = html`<a class="skip" href="#maps">To the maps</a>
    ${head(data)} ${navigation(data)}
    <main>${maps(data)} ${fields(data)} ${layers(data)} ${filters(data)}</main>`;
  return htmlDocument({ title: data.title, kind: "Auricle explanation", style: EXPLANATION_STYLE, body })
    .text;
}

function head(data: ExplanationData): Html {
  return html`<header class="headline">
    <p class="kicker">Auricle explanation · ${data.createdAt.slice(0, 10)}</p>
    <h1>${data.title}</h1>
    <p class="subtitle">
      Why ${data.model} says <b>${data.explained}</b>${data.part !== undefined && html`, ${data.part}`}
    </p>
    <ul class="bars">
      ${data.outputs.map((output) => bar(output, output.name === data.explained))}
    </ul>
    ${
      data.notes.length > 0 &&
      html`<div class="notice">
        <ul>
          ${data.notes.map((note) => html`<li>${note}</li>`)}
        </ul>
      </div>`
    }
  </header>`;
}

function bar({ name, text, part }: ExplainedOutput, isExplained: boolean): Html {
  return html`<li class="${isExplained && "right"}">
    <span>${name}</span><b>${text}</b>${part !== undefined && html`<i style="width:${percent(part)}"></i>`}
  </li>`;
}

function navigation(data: ExplanationData): Html {
  const links = [
    ["maps", "Maps", true],
    ["fields", "Receptive fields", data.layers.some(({ field }) => field !== undefined)],
    ["layers", "Layers", data.layers.length > 0],
    ["filters", "Filters", data.filters !== undefined],
  ] as const;
  return html`<nav aria-label="Sections">
    ${links.map(([key, title, isThere]) => isThere && html`<a href="#${key}">${title}</a>`)}
  </nav>`;
}

function maps(data: ExplanationData): Html {
  const { scene, sound } = data;
  return html`<section id="maps">
    <h2>What the answer rests on</h2>
    <p>
      <span class="legend"
        ><span><i style="background:rgb(255 125 20)"></i>speaks for ${data.explained}</span>
        <span><i style="background:rgb(40 120 255)"></i>speaks against it</span></span
      >
    </p>
    <p class="note">
      Maps show what the model reacts to, not whether it is right to. Where methods disagree, believe those
      that pass their test. Colours are relative to each map's own greatest values.
    </p>
    <div class="maps${sound !== undefined && " wide"}">
      ${card(scene, "Input", scene.picture, sound && player(sound, sound, "as it is"))}
      ${data.maps.map((map) => mapCard(scene, map, sound))}
    </div>
  </section>`;
}

function mapCard(scene: Scene, map: ExplanationMap, sound: SoundClip | undefined): Html {
  const { verdict, facts, kept, removed } = map;
  return card(
    scene,
    map.title,
    overlay(scene, map.values),
    html`<p class="note">${map.meaning}</p>
      ${sound && kept && player(sound, kept, html`the most relevant part alone: <b>${kept.answer}</b>`)}
      ${sound && removed && player(sound, removed, html`all but that part: <b>${removed.answer}</b>`)}
      ${
        facts.length > 0 &&
        html`<dl class="facts">
          ${facts.map(
            ({ name, value }) =>
              html`<dt>${name}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>`
      }
      ${verdict && html`<p class="${verdict.isGood ? "good" : "bad"}">${verdict.text}</p>`}`,
  );
}

function card(scene: Scene, title: string, picture: RgbPicture, content: Content): Html {
  return html`<article class="example scene${sceneClass(scene)}">
    <h3>${title}</h3>
    ${view(scene, title, picture, undefined)} ${content}
  </article>`;
}

/** A spectrogram fills the page's width at any height; a picture keeps its form. */
function sceneClass({ x, isSmooth }: Scene): string {
  if (x.unit === "s") return " wide";
  return isSmooth ? "" : " sharp";
}

/** A picture in its axes. */
function view(scene: Scene, title: string, picture: RgbPicture, over: Content): Html {
  const alt = `${title}: ${scene.description}`;
  return html`<div class="timeline" style="--shape:${picture.width}/${picture.height}">
    <div class="y-ticks" aria-hidden="true">
      <span class="unit">${scene.y.unit}</span>${scene.y.ticks.map((tick) => tickLabel(tick, "bottom"))}
    </div>
    <div class="picture">
      <img src="${dataUri("image/png", pngOf(picture))}" alt="${alt}" />${over}
      <div class="cursor" hidden></div>
    </div>
    <div class="x-ticks" aria-hidden="true">
      ${scene.x.ticks.map(({ position, text }) => tickLabel({ position, text: `${text} ${scene.x.unit}` }, "left"))}
    </div>
  </div>`;
}

/** A sound, whose place the line in the picture follows. */
function player(all: SoundClip, { wav, start, end }: SoundClip, what: Content): Html {
  return soundPlayer({
    wav,
    label: `${decimalText(start, 0.1)} to ${decimalText(end, 0.1)} seconds`,
    start: start - all.start,
    seconds: all.end - all.start,
    note: what,
  });
}

function fields({ scene, layers: all }: ExplanationData): Content {
  const known = all
    .filter(({ field }) => field !== undefined)
    .map((view, i) => ({ ...view, tone: TONES[i % TONES.length] }));
  if (known.length === 0) return undefined;
  // The widest first, so that smaller ones lie on top.
  const boxes = [...known].reverse().map(({ box, tone }) => box && fieldBox(box, tone));
  return html`<section id="fields">
    <h2>Receptive fields</h2>
    <p class="note">
      How much of the input one unit of each layer depends on. The boxes are the fields of the most active
      units, where they lie in this input.
    </p>
    <div class="maps${scene.isSmooth && " wide"}">
      <article class="example scene${sceneClass(scene)}">
        ${view(scene, "Receptive fields", scene.picture, boxes)}
      </article>
    </div>
    ${scrollable(
      "Receptive fields",
      html`<table>
        <thead>
          <tr>
            <th scope="col">layer</th>
            <th scope="col" class="text">one unit sees</th>
            <th scope="col" class="text">its most active unit</th>
          </tr>
        </thead>
        <tbody>
          ${known.map(
            ({ layer, field, box, tone }) =>
              html`<tr>
                <th scope="row" class="${box && "tone"}" style="--tone:${tone}">${layer}</th>
                <td class="text">${field}</td>
                <td class="text">${box?.text ?? "–"}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}
  </section>`;
}

function fieldBox({ left, right, bottom, top }: FieldBox, tone: string): Html {
  const place = `left:${percent(left)};width:${percent(right - left)};bottom:${percent(bottom)};height:${percent(top - bottom)}`;
  return html`<div class="field" style="--tone:${tone};${place}"></div>`;
}

function layers({ layers: all }: ExplanationData): Content {
  if (all.length === 0) return undefined;
  return html`<section id="layers">
    <h2>Layers</h2>
    <p class="note">
      The outputs of the layers for the window in which the answer is clearest. Each channel has its own
      scale: from black, nothing, to light yellow; where outputs may be negative, red is positive, blue
      negative, white zero.
    </p>
    ${all.map(sheet)}
  </section>`;
}

function sheet({ layer, form, shown, sheet: picture }: LayerView): Html {
  return html`<figure class="sheet">
    <figcaption><b>${layer}</b> <span class="note">${form}${shown && `, ${shown}`}</span></figcaption>
    <img src="${dataUri("image/png", pngOf(picture))}" alt="Channels of ${layer}" />
  </figure>`;
}

function filters({ filters: found, filterSound }: ExplanationData): Content {
  if (!found) return undefined;
  return html`${filterSection(found)}
  ${
    filterSound &&
    html`<div class="example">
      <div class="player">
        <audio
          controls
          preload="none"
          src="${dataUri("audio/wav", filterSound.wav)}"
          aria-label="The filters as sound"
        ></audio>
        <span class="note">
          White noise through each filter in this order, ${formatDuration(filterSound.each)} each
        </span>
      </div>
    </div>`
  }`;
}
