/** @file The interface of a style. Browser-safe. */

import type { Generator } from "../../../../random/generator.ts";
import type { Session, SessionOptions } from "./session.ts";

/** Composes one piece in a style, draws everything that varies from `random`, and plays it. */
export type Composition = (options: SessionOptions, random: Generator) => Session;
