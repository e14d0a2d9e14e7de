/** @file The form of an operation of general layers. */
import type { Call, Result } from "./call.ts";

/**
 * Computes an operation's results from its inputs and attributes.
 * @throws AuricleError "unsupported" with the reason for which these inputs or attributes have no counterpart
 */
export type OperationFunction = (call: Call) => readonly Result[];
