/**
 * @file The data sets that Auricle knows by name. A new one is a file in sets/ and a line here. Node only;
 * `known-datasets-browser.ts` is the same for browsers.
 */

import type { DatasetDefinition } from "./definition.ts";
import { cifar10 } from "./sets/cifar-10.ts";
import { digits } from "./sets/digits.ts";
import { drumkits } from "./sets/drumkits.ts";
import { esc50 } from "./sets/esc-50.ts";
import { fashionMnist } from "./sets/fashion-mnist.ts";
import { fsdd } from "./sets/fsdd.ts";
import { gtzan } from "./sets/gtzan.ts";
import { irmas } from "./sets/irmas.ts";
import { mnist } from "./sets/mnist.ts";
import { nsynth } from "./sets/nsynth.ts";
import { speechCommands } from "./sets/speech-commands.ts";
import { styles } from "./sets/styles.ts";

/** All of them, by name. */
export const knownDatasets: readonly DatasetDefinition[] = [
  cifar10,
  digits,
  drumkits,
  esc50,
  fashionMnist,
  fsdd,
  gtzan,
  irmas,
  mnist,
  nsynth,
  speechCommands,
  styles,
];
