/** @file A page has no folder to keep published networks in: it is given model files. Browser only. */

/** Finds no model, whatever its name. */
export async function findPretrained(): Promise<undefined> {
  return undefined;
}

/** Whether this is the name of a published network: none is known here. */
export function isPublished(): boolean {
  return false;
}

/** The names of all networks that a name stands for: none. */
export function publishedNames(): readonly string[] {
  return [];
}
