/** @file Which view an address shows; each is loaded when it is first asked for. */
import type { Component } from "svelte";
import { lessonAt } from "./lessons/index.ts";

export interface Route {
  /** For the window's title; "" for the first view. */
  readonly title: string;
  readonly load: () => Promise<{ default: Component }>;
}

const HOME: Route = { title: "", load: () => import("./home/Home.svelte") };
const ROUTES: Readonly<Record<string, Route>> = {
  "/": HOME,
  "/inspect": { title: "Inspect", load: () => import("./inspect/Inspect.svelte") },
  "/learn": { title: "Learn", load: () => import("./lessons/Lessons.svelte") },
};
const NOT_FOUND: Route = { title: "Not found", load: () => import("./home/NotFound.svelte") };

export function routeOf(path: string): Route {
  const lesson = path.startsWith("/learn/") ? lessonAt(path.slice("/learn/".length)) : undefined;
  return lesson ?? ROUTES[path] ?? NOT_FOUND;
}
