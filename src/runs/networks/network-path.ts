/** @file Models that are meant by the path of a network file, and not by name. Browser-safe. */

/** The ends of network files' names: a description, or a module. */
export const NETWORK_FILE = /\.(json|m?js|m?ts)$/;

/** Whether a model is meant as a file: it ends as one. */
export function isNetworkFile(model: string): boolean {
  return NETWORK_FILE.test(model);
}

/** The name under which a model is shown and its run is kept: a file's without its folder and extension. */
export function modelTitle(model: string): string {
  if (!isNetworkFile(model)) return model;
  const [name] = model.split(/[\\/]/).slice(-1);
  return name.replace(NETWORK_FILE, "");
}
