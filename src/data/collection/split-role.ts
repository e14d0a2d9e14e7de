/** @file The names that people give the parts of a split. Browser-safe. */

import type { SplitRole } from "./collection.ts";

const ROLES: Readonly<Record<string, SplitRole>> = {
  train: "train",
  training: "train",
  validation: "validation",
  valid: "validation",
  val: "validation",
  dev: "validation",
  test: "test",
  testing: "test",
};

/** All names that {@link splitRoleOf} knows. */
export const SPLIT_ROLE_NAMES: readonly string[] = Object.keys(ROLES);

/** The part that a name means, in any case, or undefined. */
export function splitRoleOf(name: string): SplitRole | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(ROLES, key) ? ROLES[key] : undefined;
}
