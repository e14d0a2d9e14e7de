/** @file Pictures that Debian's packages have, in a folder for each class. */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installPackage } from "./debian.mjs";

/** By name: the package, where its pictures are, the folders there that become classes, and how many pictures these have in all. */
export const PICTURE_SETS = {
  /** Photographs and drawings of things, for Tux Paint. */
  stamps: {
    package: "tuxpaint-stamps-default",
    folder: "/usr/share/tuxpaint/stamps",
    classes: ["animals", "clothes", "food", "household", "plants", "town", "vehicles"],
    pictures: 416,
  },
  "clip-arts": {
    package: "openclipart-png",
    folder: "/usr/share/openclipart/png",
    classes: [
      ...["animals/birds", "animals/mammals", "buildings"],
      ...["computer/hardware", "food/fruit", "plants/flowers"],
    ],
    pictures: 428,
  },
};

/**
 * Copies a set's pictures into a folder, with a folder for each class. Mirrored copies are left out: nobody could tell them from
 * pictures of their own, and they would be in two parts of a split. Installs the package where it is missing.
 * @returns the number of pictures, or the reason why there are none
 */
export function copyPictureSet(name, target) {
  const set = PICTURE_SETS[name];
  const reason = existsSync(set.folder) ? undefined : installPackage(set.package);
  if (reason !== undefined) return { pictures: 0, reason };
  let pictures = 0;
  for (const label of set.classes) {
    const own = join(target, label.replaceAll("/", "-"));
    mkdirSync(own, { recursive: true });
    for (const file of readdirSync(join(set.folder, label), { recursive: true }).sort()) {
      if (!file.endsWith(".png") || /_mirror/.test(file)) continue;
      copyFileSync(join(set.folder, label, file), join(own, file.replaceAll("/", "_")));
      pictures++;
    }
  }
  return { pictures };
}
