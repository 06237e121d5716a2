/**
 * One sample less, where it is heard least: where the samples around it are nearest to each other.
 * @param samples two at least. @returns one sample fewer.
 */
export function dropOne(samples: Int16Array): Int16Array {
  let place = samples.length - 1;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 1; at + 1 < samples.length; at += 1) {
    const jump = Math.abs((samples[at + 1] ?? 0) - (samples[at - 1] ?? 0));
    if (jump >= least) continue;
    least = jump;
    place = at;
  }
  const fewer = new Int16Array(samples.length - 1);
  fewer.set(samples.subarray(0, place));
  fewer.set(samples.subarray(place + 1), place);
  return fewer;
}

/**
 * One sample more, where it is heard least: in the middle between the two neighbours that are nearest to each other.
 * @param samples one at least. @returns one sample more.
 */
export function doubleOne(samples: Int16Array): Int16Array {
  let place = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at + 1 < samples.length; at += 1) {
    const jump = Math.abs((samples[at + 1] ?? 0) - (samples[at] ?? 0));
    if (jump >= least) continue;
    least = jump;
    place = at;
  }
  const more = new Int16Array(samples.length + 1);
  more.set(samples.subarray(0, place + 1));
  more[place + 1] = Math.round(((samples[place] ?? 0) + (samples[place + 1] ?? samples[place] ?? 0)) / 2);
  more.set(samples.subarray(place + 1), place + 2);
  return more;
}
