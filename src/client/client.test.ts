import { expect, it } from "vitest";
import { AuricleClient, ServerProblem } from "./index.ts";

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

/** A server that gives these answers, one after the other. */
function answering(...answers: Response[]): { asked: Asked[]; fetch: typeof fetch } {
  const asked: Asked[] = [];
  const send: typeof fetch = (url, init = {}) => {
    asked.push({ url: String(url), init });
    const answer = answers.shift();
    return answer ? Promise.resolve(answer) : Promise.reject(new Error("no answer left"));
  };
  return { asked, fetch: send };
}

const refusal = (status: number, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ type: "urn:auricle:problem:busy", title: "t", status, detail: "too many" }), {
    status,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });

it("sends bytes with the key, and what is asked as a query", async () => {
  const { asked, fetch } = answering(Response.json({ model: "a", version: 1, class: "x" }));
  const client = new AuricleClient("http://host/", { apiKey: "key", fetch });
  const bytes = Uint8Array.of(1, 2);
  expect(await client.predict(bytes, { model: "a b", hop: 0.5, windows: false })).toMatchObject({
    class: "x",
  });
  const [{ url, init }] = asked;
  expect(url).toBe("http://host/v1/predict?model=a+b&hop=0.5&windows=false");
  expect(init).toMatchObject({
    method: "POST",
    body: bytes,
    headers: { Authorization: "Bearer key", "Content-Type": "application/octet-stream" },
  });
});

it("a form says its own type", async () => {
  const { asked, fetch } = answering(Response.json({ answers: [] }));
  await new AuricleClient("http://host", { fetch }).predictAll([
    new File(["a"], "a.wav"),
    new File(["b"], "b.wav"),
  ]);
  const { body, headers } = asked[0].init;
  expect([...(body as FormData).getAll("file")].map((file) => (file as File).name)).toEqual([
    "a.wav",
    "b.wav",
  ]);
  expect(headers).toEqual({});
});

it("a busy server is asked again after the time that it names, so often and no more", async () => {
  const again = { "Retry-After": "0" };
  const first = answering(refusal(429, again), refusal(503, again), Response.json({ name: "a" }));
  expect(await new AuricleClient("http://host", { fetch: first.fetch }).model("x/y")).toEqual({ name: "a" });
  expect(first.asked.map(({ url }) => url)).toEqual(new Array(3).fill("http://host/v1/models/x%2Fy"));
  const second = answering(refusal(429, again), refusal(429, again));
  const client = new AuricleClient("http://host", { fetch: second.fetch, retries: 1 });
  await expect(client.models()).rejects.toMatchObject({ status: 429, message: "too many" });
});

it("a refusal has the server's reason, and that of a proxy its status", async () => {
  const client = (answer: Response) => new AuricleClient("http://host", { fetch: answering(answer).fetch });
  await expect(client(refusal(422)).models()).rejects.toThrow(ServerProblem);
  const proxy = new Response("<html>", { status: 502, statusText: "Bad Gateway" });
  await expect(client(proxy).models()).rejects.toThrow("502 Bad Gateway");
});

it("waiting ends when the request is given up", async () => {
  const stop = new AbortController();
  const { fetch } = answering(refusal(429, { "Retry-After": "1000" }));
  const asked = new AuricleClient("http://host", { fetch }).predict(Uint8Array.of(1), {
    signal: stop.signal,
  });
  setTimeout(() => stop.abort(new Error("enough")));
  await expect(asked).rejects.toThrow("enough");
});
