import { expect, it } from "vitest";
import { fadePiece, piecesOf } from "./chunks.ts";

it("cuts into a short piece and longer ones, without gaps", () => {
  const pieces = [...piecesOf(500, 30_000, 1000)];
  expect(pieces[0]).toEqual({ first: 500, last: 1500 });
  expect(pieces.at(-1)?.last).toBe(30_000);
  pieces.slice(1).forEach((piece, i) => expect(piece.first).toBe(pieces[i].last));
  expect(Math.max(...pieces.map(({ first, last }) => last - first))).toBe(8000);
});

it.each([[400], [3], [1]])("fades a whole of %i samples alike, however it is cut", (length) => {
  const ones = new Float32Array(length).fill(1);
  const whole = { first: 7, last: 7 + length };
  const once = fadePiece(ones, whole, whole, 50);
  const cut = [0, 20, 45, 90, 360, 400].map((at) => Math.min(length, at));
  const parts = cut.slice(1).flatMap((end, i) => {
    const piece = { first: 7 + cut[i], last: 7 + end };
    return [...fadePiece(ones.subarray(cut[i], end), piece, whole, 50)];
  });
  expect(parts).toEqual([...once]);
  expect(once[0]).toBe(0);
  expect(once.at(-1)).toBe(0);
  if (length === 400) {
    expect(once[25]).toBeCloseTo(0.5);
    expect(once.slice(50, 350).every((value) => value === 1)).toBe(true);
    expect([...once].reverse()).toEqual([...once]);
  }
});
