import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { ADMIN_PASSWORD } from './village.ts';

/** What Chromium is told so that a file is its microphone. */
export const microphoneFlags = (wav: string): string[] => [
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-audio-capture=${wav}`,
  // The sound of the page goes nowhere, and its clock runs all the same.
  '--mute-audio',
];

/** A page of the console in a real Chromium whose microphone plays a file, over and over. */
export interface LivePage {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What went wrong in the page. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/**
 * Signs in and opens the studio.
 * @param wav 16-bit PCM, any rate, one or two channels.
 * @param options `phone`: a screen of 390 pixels, touched; `allowed`: whether the microphone may be used (the browser's
 *   own question cannot be answered by a test); `choices`: of the microphone's form, as the console keeps them.
 */
export async function openStudio(
  url: string,
  wav: string,
  options: { phone?: boolean; allowed?: boolean; choices?: Readonly<Record<string, unknown>> } = {},
): Promise<LivePage> {
  const { phone = true, allowed = true, choices } = options;
  const browser = await launchBrowser({ flags: microphoneFlags(wav) });
  const context = await browser.newContext({
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    hasTouch: phone,
    locale: 'vi-VN',
    baseURL: url,
    permissions: allowed ? ['microphone'] : [],
  });
  if (choices !== undefined)
    await context.addInitScript(
      `sessionStorage.setItem('loa.draft.microphone', ${JSON.stringify(JSON.stringify(choices))})`,
    );
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.request.post('/api/auth/sign-in/username', {
    data: { username: 'admin', password: ADMIN_PASSWORD },
  });
  await page.goto('/on-air');
  await page.getByRole('tab', { name: 'Micro' }).waitFor();
  return { browser, context, page, complaints, close: () => browser.close() };
}

/** Opens the microphone and goes on the air everywhere. @returns the session's id, once the first word may be said. */
export async function goOnAir(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Mở micro' }).click();
  const opened = page.waitForResponse(
    (response) => response.url().endsWith('/api/v1/live') && response.request().method() === 'POST',
  );
  await page.getByRole('button', { name: /^Bắt đầu nói/ }).click();
  const { id } = (await (await opened).json()) as { id: string };
  await page.getByText('Đang phát trực tiếp').waitFor();
  return id;
}
