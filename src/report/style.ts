/** @file The page's style sheet: light and dark as the system has it, from a phone's width on, and for paper. */

import { COLOR_TOKENS } from "../design/tokens.ts";

const PAGE = `
* { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2.5rem) 4rem; max-width: 74rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
h1 { font-size: clamp(1.6rem, 5vw, 2.3rem); line-height: 1.15; margin: 0; }
main > h1:first-child { padding-top: 2rem; }
h2 { font-size: 1.45rem; line-height: 1.2; margin: 3.2rem 0 .8rem; padding-top: .9rem; border-top: 2px solid var(--ink); }
h3 { font-size: 1.1rem; margin: 2rem 0 .4rem; }
h4 { font-size: .95rem; margin: 0; }
h1, h4, li, dd { overflow-wrap: anywhere; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--validation); }
:focus-visible { outline: 3px solid var(--validation); outline-offset: 2px; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .85rem; }
pre { margin: 0; padding: .8rem 1rem; background: var(--raised); border: 1px solid var(--line); width: max-content; min-width: 100%; }
.command { display: flex; flex-wrap: wrap; gap: .6rem; align-items: start; margin: .6rem 0; }
.command pre { flex: 1 1 16rem; width: auto; min-width: 0; }
.wrapped { white-space: pre-wrap; overflow-wrap: anywhere; }
[hidden] { display: none; }
summary { cursor: pointer; padding: .5rem 0; color: var(--validation); }
.note, .kicker, .subtitle { color: var(--soft); }
.note { font-size: .9rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--raised); padding: .5rem 1rem; z-index: 9; }
nav {
  position: sticky; top: 0; z-index: 5; display: flex; gap: 1.2rem; overflow-x: auto; white-space: nowrap;
  background: var(--paper); border-bottom: 1px solid var(--line); padding: .7rem 0; margin-top: 1.5rem;
}
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
.headline { padding-top: 2rem; }
.kicker { margin: 0 0 .3rem; font-size: .85rem; letter-spacing: .04em; }
.subtitle { margin: .3rem 0 0; }
.figures { display: flex; flex-wrap: wrap; gap: 1.2rem 3rem; margin: 1.6rem 0 1rem; }
.figure { display: grid; align-content: start; }
.figure b { font-size: clamp(2rem, 7vw, 3rem); line-height: 1.1; font-weight: 650; }
.figure span { font-weight: 600; }
.figure small { color: var(--soft); font-size: .9rem; }
.notice { margin: 1.2rem 0; padding: .9rem 1.1rem; background: var(--caution); border-left: 6px solid var(--edge); }
.notice.danger { background: var(--danger); border-color: var(--miss); }
.notice ul { margin: .4rem 0 0; padding-left: 1.2rem; }
.facts { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .25rem 1.4rem; margin: .6rem 0 1.2rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; }
.problems { padding-left: 1.2rem; }
@media (max-width: 34rem) {
  html { scroll-padding-top: 0; }
  nav { position: static; flex-wrap: wrap; gap: .35rem 1.1rem; overflow-x: visible; }
}
@media (max-width: 34rem) { .facts { grid-template-columns: 1fr; } .facts dd { margin-bottom: .4rem; } }
@media print { nav, audio, .skip { display: none; } body { max-width: none; } }`;

const TABLES = `
.scroll { overflow-x: auto; max-width: 100%; margin: .6rem 0; }
table { border-collapse: collapse; font-size: .92rem; margin: .6rem 0; }
.scroll > table { margin: 0; }
th, td { padding: .28rem .7rem; text-align: right; border-bottom: 1px solid var(--line); font-weight: 400; overflow-wrap: normal; }
thead th { color: var(--soft); vertical-align: bottom; }
th[scope="row"], thead th:first-child, .text { text-align: left; }
th[scope="row"] { max-width: 22rem; overflow-wrap: break-word; }
tfoot th, tfoot td { border-bottom: 0; font-weight: 600; }
.best-row { background: color-mix(in oklab, var(--validation) 14%, transparent); }
.scores td { min-width: clamp(4.6rem, 12vw, 6rem); }
.score { background: linear-gradient(color-mix(in oklab, var(--validation) 24%, transparent) 0 0) left / calc(.94 * var(--part)) 100% no-repeat; }
.matrix { border-collapse: separate; border-spacing: 2px; }
.matrix th, .matrix td { border: 0; }
.matrix th[scope="row"] {
  position: sticky; left: 0; z-index: 1; background: var(--paper); padding-left: 0; max-width: min(14rem, 34vw);
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.matrix thead th { padding: 0 0 .3rem; height: 1px; text-align: left; }
.matrix thead th span {
  display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); max-height: 9rem; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; margin: 0 auto;
}
.matrix thead th { text-align: center; }
.matrix .corner { text-align: left; vertical-align: bottom; color: var(--soft); font-size: .8rem; padding-left: 0; position: sticky; left: 0; background: var(--paper); white-space: nowrap; }
.matrix tbody td { padding: 0; min-width: 2.9rem; height: 2.5rem; text-align: center; }
.matrix tbody td.none { color: color-mix(in oklab, var(--soft) 55%, transparent); background: color-mix(in oklab, var(--line) 30%, transparent); }
.matrix .hit { background: color-mix(in oklab, var(--hit) var(--share), var(--raised)); }
.matrix .miss { background: color-mix(in oklab, var(--miss) var(--share), var(--raised)); }
.matrix td a { display: grid; place-items: center; height: 100%; color: inherit; text-decoration: none; }
.matrix td a:hover { outline: 2px solid var(--ink); }
.matrix .strong { color: #fff; font-weight: 600; }
.matrix td img { display: block; width: 2rem; height: 2rem; object-fit: contain; image-rendering: pixelated; }
.matrix td:has(img) { min-width: 3.4rem; height: 3.7rem; }
.dense tbody td { min-width: 1.5rem; height: 1.5rem; font-size: .75rem; }
@media (max-width: 34rem) {
  th, td { padding-inline: .3rem; }
  .scores td { min-width: 0; }
  .scores th[scope="row"] { max-width: 28vw; }
  .matrix tbody td { min-width: 2.1rem; }
}
.dense th { padding-block: 0; font-size: .8rem; }
td a { font-weight: 600; }`;

const CHARTS = `
figure { margin: 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem 2.5rem; margin: 1rem 0; }
.charts:has(> :only-child) { max-width: 36rem; }
.legend { display: inline-flex; flex-wrap: wrap; gap: .2rem 1rem; margin-left: .8rem; font-size: .9rem; }
.key::before { content: ""; display: inline-block; width: 1.1rem; height: 3px; margin-right: .4rem; vertical-align: .25em; background: currentColor; }
.key.train { color: var(--train); } .key.validation { color: var(--validation); } .key.third { color: var(--third); }
.plot { display: grid; grid-template: "lab lab" auto "y area" 14rem ". x" 1.3rem ". xlab" auto / 3rem 1fr; }
.square .plot { grid-template-rows: auto min(26rem, 78vw) 1.3rem auto; grid-template-columns: 3.6rem 1fr; }
.area { grid-area: area; position: relative; border-left: 1px solid var(--soft); border-bottom: 1px solid var(--soft); }
.y-ticks { grid-area: y; position: relative; }
.x-ticks { grid-area: x; position: relative; height: 1.3rem; }
.x-ticks span, .y-ticks span { position: absolute; font-size: .78rem; color: var(--soft); white-space: nowrap; }
.y-ticks span { right: .45rem; transform: translateY(50%); line-height: 1; }
.x-ticks span { transform: translateX(-50%); }
.y-label { grid-area: lab; font-size: .8rem; color: var(--soft); }
.x-label { grid-area: xlab; font-size: .8rem; color: var(--soft); text-align: right; }
svg { display: block; width: 100%; height: 100%; overflow: visible; }
path { fill: none; vector-effect: non-scaling-stroke; }
.grid { stroke: var(--line); stroke-width: 1px; }
.line { stroke-width: 2px; stroke-linejoin: round; stroke-linecap: round; }
.line.train { stroke-dasharray: 5 4; }
.dot { stroke-width: 9px; stroke-linecap: round; }
.train { stroke: var(--train); } .validation { stroke: var(--validation); } .third { stroke: var(--third); }
.diagonal { stroke: var(--soft); stroke-dasharray: 4 4; }
.square .dot { stroke-width: 8px; opacity: .6; pointer-events: stroke; }
.square a:hover .dot, .square a:focus-visible .dot { stroke: var(--miss); stroke-width: 14px; opacity: 1; }
.best { position: absolute; inset-block: 0; border-left: 1px dashed var(--validation); }
.best::after { content: "best"; position: absolute; top: -.2rem; left: .1rem; padding: 0 .2rem; background: var(--paper); font-size: .75rem; line-height: 1.2; color: var(--validation); white-space: nowrap; }
.best.late::after { left: auto; right: .1rem; }
.cursor { position: absolute; inset-block: 0; border-left: 1px solid var(--ink); pointer-events: none; }
.readout { display: block; min-height: 1.5em; margin-top: .2rem; font-size: .9rem; color: var(--soft); }
.filters { display: grid; grid-template-columns: repeat(auto-fill, minmax(4.6rem, 1fr)); gap: .9rem .8rem; margin: 1rem 0; }
.filters.curves { grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); }
.filters img { width: 100%; max-height: 9rem; object-fit: fill; image-rendering: pixelated; border: 1px solid var(--line); }
.filters figcaption { font-size: .78rem; display: flex; justify-content: space-between; gap: .3rem; }
.filters figcaption span { color: var(--soft); }
.curves svg { height: 3.4rem; border: 1px solid var(--line); margin-bottom: 3px; overflow: hidden; }
.curves .line { stroke-width: 1.4px; }`;

const CARDS = `
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: 1.1rem; margin: .7rem 0; }
.example { background: var(--raised); border: 1px solid var(--line); border-top: 4px solid var(--soft); padding: .7rem .9rem .9rem; min-width: 0; }
.example.wrong { border-top-color: var(--miss); }
.example.right { border-top-color: var(--hit); }
.example:target { outline: 3px solid var(--validation); }
.example h4 { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .85rem; font-weight: 600; }
.verdict { margin: .1rem 0 .6rem; }
.wrong .verdict { color: var(--wrong); }
.timeline { display: grid; grid-template-columns: 4.6rem 1fr; gap: 3px 0; }
.timeline .y-ticks, .timeline .picture { grid-area: auto; height: 9rem; }
.y-ticks .unit { top: .1rem; left: 0; right: auto; transform: none; }
.timeline .x-ticks { grid-area: auto; grid-column: 2; }
.timeline .x-ticks span:first-child { transform: none; }
.timeline .x-ticks span:last-child:not(:first-child) { transform: translateX(-100%); }
.picture { position: relative; background: #000; cursor: pointer; }
.picture img { display: block; width: 100%; height: 100%; object-fit: fill; }
.picture.image { background: none; cursor: auto; }
.picture.image img { width: auto; height: 9rem; max-width: 100%; object-fit: contain; image-rendering: pixelated; }
.excerpt { position: absolute; bottom: 0; height: 4px; background: #fff; border: 1px solid #000; }
.picture .cursor { border-left: 2px solid #fff; box-shadow: 0 0 0 1px #000; }
.strip-name { font-size: .78rem; color: var(--soft); padding-right: .5rem; text-align: right; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.strip { height: 1.25rem; background: color-mix(in oklab, var(--line) 45%, transparent); }
.strip svg { overflow: hidden; }
.strip path { fill: var(--soft); }
.strip.right path { fill: var(--hit); } .strip.wrong path { fill: var(--miss); }
.player { display: flex; align-items: center; flex-wrap: wrap; gap: .2rem .8rem; margin-top: .5rem; }
.player audio { flex: 1 1 15rem; height: 2.4rem; min-width: 0; max-width: 100%; }
.bars { list-style: none; padding: 0; margin: .6rem 0 0; display: grid; gap: .15rem; font-size: .88rem; }
.bars li { display: grid; grid-template-columns: minmax(0, 9rem) 4rem 1fr; gap: .6rem; align-items: center; }
.bars span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bars b { font-weight: 400; text-align: right; }
.bars i { height: .55rem; background: var(--soft); min-width: 1px; }
.bars .right span { color: var(--right); font-weight: 600; } .bars .right i { background: var(--hit); }
.bars .wrong span { color: var(--wrong); font-weight: 600; } .bars .wrong i { background: var(--miss); }
.group { margin: 1.2rem 0; scroll-margin-top: 4rem; }
.media { margin-top: 2rem; }
dialog { border: 1px solid var(--line); padding: 0; width: min(74rem, 96vw); max-width: none; max-height: 92vh; background: var(--paper); color: var(--ink); }
dialog::backdrop { background: rgb(0 0 0 / .55); }
dialog > header { position: sticky; top: 0; z-index: 2; display: flex; justify-content: space-between; align-items: center; gap: 1rem; padding: .7rem 1.1rem; background: var(--paper); border-bottom: 1px solid var(--line); }
dialog h3 { margin: 0; }
dialog .cards { padding: 0 1.1rem 1.1rem; }
button { font: inherit; white-space: nowrap; padding: .35rem .9rem; color: var(--ink); background: var(--raised); border: 1px solid var(--soft); cursor: pointer; }`;

export const STYLE = COLOR_TOKENS + PAGE + TABLES + CHARTS + CARDS;
