import type { Page } from 'playwright-core';

/**
 * Has a page note when clicks of a track reach the browser from its microphone, beside what the page itself does with
 * it. To be called before the page opens the microphone.
 */
export async function noteClicks(page: Page): Promise<void> {
  await page.evaluate(NOTE);
}

/** When clicks came, epoch ms: when their samples were there, less how long they had been gathered. */
export const clicksOfPage = (page: Page): Promise<number[]> => page.evaluate('globalThis.loaClicks');

/** Chromium alone knows `MediaStreamTrackProcessor`; the compiler of the tests does not, so it travels as text. */
const NOTE = `(() => {
  globalThis.loaClicks = [];
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  const note = async (track) => {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    let lastAt = 0;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const now = performance.timeOrigin + performance.now();
      const samples = new Float32Array(value.numberOfFrames);
      value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      const begin = samples.findIndex((sample) => Math.abs(sample) > 0.35);
      const rate = value.sampleRate;
      value.close();
      if (begin < 0) continue;
      const at = now - ((samples.length - begin) / rate) * 1000;
      if (at - lastAt > 500) globalThis.loaClicks.push(at);
      lastAt = at;
    }
  };
  devices.getUserMedia = async (wish) => {
    const stream = await open(wish);
    for (const track of stream.getAudioTracks()) void note(track.clone());
    return stream;
  };
})()`;
