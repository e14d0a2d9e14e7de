/** @file The weights behind one map: of each channel that the layer takes, the largest first. */

export interface ChannelWeights {
  readonly channel: number;
  /** [rows, columns]; of sound the second axis upwards and time to the right. */
  readonly values: Float32Array;
  /** The sum of the sizes of its weights. */
  readonly size: number;
}

export interface MapWeights {
  readonly rows: number;
  readonly columns: number;
  readonly channels: readonly ChannelWeights[];
}

/**
 * @param kernel [window, channels, maps] or [window, window, channels, maps]; of a layer with groups the channels of one group
 * @param isSound the first axis of the window is time
 */
export function mapWeights(
  { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  map: number,
  isSound: boolean,
): MapWeights {
  const maps = shape[shape.length - 1];
  const channels = shape[shape.length - 2];
  const window = shape.slice(0, -2);
  const [first, second] = window.length === 2 ? window : [window[0], 1];
  const isTurned = isSound || window.length === 1;
  const [rows, columns] = isTurned ? [second, first] : [first, second];
  const found = Array.from({ length: channels }, (_, channel): ChannelWeights => {
    const values = new Float32Array(first * second);
    let size = 0;
    for (let i = 0; i < first; i++) {
      for (let j = 0; j < second; j++) {
        const weight = data[((i * second + j) * channels + channel) * maps + map];
        values[isTurned ? j * columns + i : i * columns + j] = weight;
        size += Math.abs(weight);
      }
    }
    return { channel, values, size };
  });
  return { rows, columns, channels: found.sort((a, b) => b.size - a.size || a.channel - b.channel) };
}
