/** @file Arrays whose first axis is time, turned so that time goes to the right and the second axis upwards. */

export interface TurnedMap {
  /** [rows, columns, channels]: rows along the second axis, columns along time. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

/** @param shape [time], [time, channels] or [time, rows, channels] */
export function timeFirst(values: ArrayLike<number>, shape: readonly number[]): TurnedMap {
  const columns = shape[0];
  const [rows, channels] = shape.length === 3 ? [shape[1], shape[2]] : [1, shape[1] ?? 1];
  const turned = new Float32Array(values.length);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      for (let channel = 0; channel < channels; channel++) {
        turned[(row * columns + column) * channels + channel] =
          values[(column * rows + row) * channels + channel];
      }
    }
  }
  return { values: turned, rows, columns, channels };
}
