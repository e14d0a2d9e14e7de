import { serveSession } from "auricle/session";

serveSession(self);
