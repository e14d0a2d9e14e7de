/** @file A page has no folder to keep published networks in: it is given model files. Browser only. */

/** Finds no model, whatever its name. */
export async function findPretrained(): Promise<undefined> {
  return undefined;
}
