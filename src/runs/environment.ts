/** The software that a run is computed by, besides Auricle. Browser-safe. */
export interface Environment {
  /** By name, as versions.json has them. */
  readonly versions: Readonly<Record<string, string>>;
  /** The engine of JavaScript, for people. */
  readonly runtime: { readonly name: string; readonly value: string };
  readonly platform: string;
}
