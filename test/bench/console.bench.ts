import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { launchBrowser } from '../support/browser.ts';
import { seedDevices } from '../support/seed.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';
import type { Report } from './main.ts';

const DEVICES = 1_000;
const BUILT = new URL('../../dist/web-console/', import.meta.url).pathname;

/** What the console's first load weighs, and how smoothly a list of a thousand devices scrolls. */
export default async function console_(report: Report): Promise<void> {
  const kilobytes = firstLoadBytes() / 1_000;
  report({
    name: 'first load, compressed JavaScript',
    figure: kilobytes,
    unit: 'kB',
    limit: 300,
    ok: kilobytes <= 300,
  });
  const frames = await scrollDevices();
  frames.sort((a, b) => a - b);
  const p99 = frames[Math.floor(frames.length * 0.99)] ?? Number.NaN;
  // A stall is what the browser itself calls a long task: more than 50 ms.
  report({
    name: `frame while scrolling ${DEVICES} devices, p99 of ${frames.length}`,
    figure: p99,
    unit: 'ms',
    limit: 50,
    ok: p99 <= 50,
  });
}

/** The page's own script and everything that it imports before it can run, as a browser gets them. */
function firstLoadBytes(): number {
  const page = readFileSync(path.join(BUILT, 'index.html'), 'utf8');
  const todo = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file = '']) => file);
  const seen = new Set<string>();
  let bytes = 0;
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const code = readFileSync(path.join(BUILT, file));
    bytes += gzipSync(code).length;
    for (const [, name = ''] of code.toString().matchAll(/(?:import|from)\s*["']\.\/([^"']+\.js)["']/g)) {
      todo.push(`assets/${name}`);
    }
  }
  return bytes;
}

/** @returns the milliseconds between frames while the list is scrolled from end to end. */
async function scrollDevices(): Promise<number[]> {
  const village = await Village.start({ prepare: async (data) => void (await seedDevices(data, DEVICES)) });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(village.url);
    await page.request.post(`${village.url}/api/auth/sign-in/username`, {
      data: { username: 'admin', password: ADMIN_PASSWORD },
    });
    await page.goto(`${village.url}/devices`);
    await page.getByText('Cụm loa 1', { exact: true }).first().waitFor();
    // As text: the runner's transpiler would put names of its own into a function.
    return await page.evaluate<number[]>(`(async () => {
      const scrollable = [...document.querySelectorAll('*')].find((element) => element.scrollHeight > element.clientHeight + 2000 && /auto|scroll/.test(getComputedStyle(element).overflowY)) ?? document.scrollingElement;
      const frames = [];
      let last = performance.now();
      const end = scrollable.scrollHeight;
      for (let top = 0; top < end; top += 120) {
        scrollable.scrollTop = top;
        const now = await new Promise((resolve) => requestAnimationFrame(resolve));
        frames.push(now - last);
        last = now;
      }
      return frames.slice(5);
    })()`);
  } finally {
    await browser.close();
    await village.stop();
  }
}
