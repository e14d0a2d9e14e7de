/** @file All styles, by name. Browser-safe. */

import type { Composition } from "../music/composition.ts";
import { ambient } from "./ambient.ts";
import { blues } from "./blues.ts";
import { bossaNova } from "./bossa-nova.ts";
import { chamber } from "./chamber.ts";
import { country } from "./country.ts";
import { disco } from "./disco.ts";
import { jazz } from "./jazz.ts";
import { metal } from "./metal.ts";
import { reggae } from "./reggae.ts";
import { techno } from "./techno.ts";

export const COMPOSITIONS = {
  ambient,
  blues,
  "bossa-nova": bossaNova,
  chamber,
  country,
  disco,
  jazz,
  metal,
  reggae,
  techno,
} satisfies Record<string, Composition>;
