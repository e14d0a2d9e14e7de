/** @file A server of predictions. Node only. */

export type { AnsweredRequest } from "./app.ts";
export { keysInText } from "./api-keys.ts";
export { DEFAULT_LIMITS, MEBIBYTE, type ServeLimits } from "./limits.ts";
export type { ModelEvent, NamedModel } from "./model-shelf.ts";
export { startServer, type ServeOptions, type Serving } from "./server.ts";
