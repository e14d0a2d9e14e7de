/** @file All instruments that play notes, by name. Browser-safe. */

import type { InstrumentMaker } from "../signals/instrument.ts";
import { bell } from "./bell.ts";
import { clarinet, flute, saxophone, trumpet } from "./blown.ts";
import { bowedString, stringSection } from "./bowed-string.ts";
import { electricPiano } from "./electric-piano.ts";
import { organ } from "./organ.ts";
import { piano } from "./piano.ts";
import { doubleBass, electricBass, harp, nylonGuitar, steelGuitar } from "./plucked-string.ts";
import { marimba, vibraphone } from "./struck-bar.ts";
import { synthBass, synthLead, synthPad, synthStab } from "./synthesizer.ts";

/** Every name here is one timbre. */
export const INSTRUMENTS = {
  bell,
  bowedString,
  clarinet,
  doubleBass,
  electricBass,
  electricPiano,
  flute,
  harp,
  marimba,
  nylonGuitar,
  organ,
  piano,
  saxophone,
  steelGuitar,
  stringSection,
  synthBass,
  synthLead,
  synthPad,
  synthStab,
  trumpet,
  vibraphone,
} satisfies Record<string, InstrumentMaker>;

export type InstrumentName = keyof typeof INSTRUMENTS;
