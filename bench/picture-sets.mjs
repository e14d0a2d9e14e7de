/**
 * @file The sets of pictures for which docs/images.md states accuracies, each as a folder with a folder for each class. Installs
 * Debian's packages that have them.
 *
 *     npm run bench -- picture-sets ./pictures
 */
import { join } from "node:path";
import { copyPictureSet, PICTURE_SETS } from "../scripts/verify/picture-sets.mjs";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("name a folder: npm run bench -- picture-sets ./pictures");
for (const name of Object.keys(PICTURE_SETS)) {
  const target = join(folder, name);
  const { pictures, reason } = copyPictureSet(name, target);
  if (reason !== undefined) process.exitCode = 1;
  console.log(reason === undefined ? `${target}: ${pictures} pictures` : `${name}: ${reason}`);
}
