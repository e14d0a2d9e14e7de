/** @file Lets the built command be run by its name. Windows has no such mark and needs none. */
import { chmodSync } from "node:fs";

chmodSync(new URL("../dist/cli/main.js", import.meta.url), 0o755);
