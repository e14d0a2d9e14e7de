/** @file A session of the library, away from the page's thread. */
import { serveSession } from "auricle/session";

serveSession(self);
