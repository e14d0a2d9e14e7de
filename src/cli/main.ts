#!/usr/bin/env node
/** @file The command `auricle`: loads it, and says what keeps it from being loaded. */

import process from "node:process";
import { loadingMessage } from "./system-errors.ts";

try {
  await import("./process.ts");
} catch (error) {
  const message = loadingMessage(error);
  if (message === undefined) throw error;
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 1;
}
