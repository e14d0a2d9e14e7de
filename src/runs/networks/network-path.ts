/** @file Models that are meant by the path of a network file, and not by name. Browser-safe. */

/** The extensions of network files: a description, or a module. */
const EXTENSIONS = /\.(json|m?js|m?ts)$/i;

/** Whether a model is meant as a file: it ends as one. */
export function isNetworkFile(model: string): boolean {
  return EXTENSIONS.test(model);
}

/** The name under which a model is shown and its run is kept: a file's without its folder and extension. */
export function modelTitle(model: string): string {
  if (!isNetworkFile(model)) return model;
  const [name] = model.split(/[\\/]/).slice(-1);
  return name.replace(EXTENSIONS, "");
}
