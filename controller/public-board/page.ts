import { wordsOf } from '#devices/render/words';
import { Dates } from './dates.ts';
import { type Html, html } from './html.ts';
import { sceneHtml } from './scene-html.ts';
import type { PastItem, StandingBoard, StandingItem } from './standing-item.ts';
import { type Language, type PageWords, WORDS } from './words.ts';

export interface PageSite {
  /** Of the ward. */
  readonly name: string;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** IANA. */
  readonly zone: string;
}

export interface PageView {
  readonly site: PageSite;
  readonly language: Language;
  /** Epoch ms: when the boards were looked at. */
  readonly at: number;
}

const ROOT = '/public/board';
/** Messages are shared with as many words. */
const DESCRIPTION = 200;

/** How an address goes on in the language of the page: Vietnamese is what it is without. */
const inLanguage = (language: Language): string => (language === 'vi' ? '' : `?lang=${language}`);
const addressOf = (id: string, language: Language): string => `${ROOT}/${id}${inLanguage(language)}`;

/** Everything that stands on the boards, and what stood there lately. */
export function listPage(
  view: PageView,
  standing: readonly StandingItem[],
  past: readonly PastItem[],
): string {
  const { site, language } = view;
  const words = WORDS[language];
  const body = html`
<h1>${words.of(site.name)}</h1>
<p class="quiet">${words.about(site.name)}</p>
<section aria-labelledby="now"><h2 id="now">${words.now}</h2>
${standing.length === 0 ? html`<p>${words.nothingNow}</p>` : standing.map((item) => standingCard(view, item))}
</section>
<section aria-labelledby="lately"><h2 id="lately">${words.lately}</h2>
${past.length === 0 ? html`<p>${words.nothingLately}</p>` : html`<ul class="past">${past.map((item) => html`<li>${pastCard(view, item)}</li>`)}</ul>`}
</section>`;
  const [first] = standing;
  return document(view, {
    ...{ title: words.of(site.name), description: words.about(site.name), path: ROOT, body },
    picture: first === undefined ? null : pictureOf(first.id, 1),
  });
}

/** One of them, with all its pages; shared by its address. @param pages of the board, as far as they are known. */
export function itemPage(view: PageView, item: StandingItem | PastItem, pages: number): string {
  const words = WORDS[view.language];
  const stands = 'scene' in item;
  const past = stands ? null : item;
  const numbers = Array.from({ length: pages }, (_, index) => index + 1);
  const alarm = stands && isEmergency(item) && !item.paused;
  const card = html`<article class="card${alarm ? ' alarm' : ''}">
<header>${badge(item, words)}${facts(view, item)}</header>
<section aria-labelledby="words"><h2 id="words" class="tight">${words.words}</h2>${said(view, item)}</section>
${
  pages === 0
    ? null
    : html`<section aria-labelledby="seen"><h2 id="seen" class="tight">${words.seen}</h2>
<div class="pages">${numbers.map((number) => figure(view, item, number, pages))}</div></section>`
}
${share(view, item)}
</article>`;
  const body = html`
<h1 lang="${languageOfItem(item)}">${item.title}</h1>
${past === null ? null : html`<p class="warn" role="status">${words.overNow(datesOf(view).full(past.lastAt))}</p>`}
${spoken(card, alarm)}
<p><a href="${ROOT}${inLanguage(view.language)}">← ${words.all}</a></p>`;
  const text = stands ? wordsOf(item.scene) : item.words;
  return document(view, {
    ...{ title: item.title, description: text, path: `${ROOT}/${item.id}`, body },
    picture: pages === 0 ? null : pictureOf(item.id, 1),
  });
}

/** @param what `gone`: nothing is known of it; `withdrawn`: it was taken down. */
export function missingPage(view: PageView, what: 'gone' | 'withdrawn'): string {
  const words = WORDS[view.language];
  const title = what === 'gone' ? words.goneTitle : words.withdrawnTitle;
  const body = html`<h1>${title}</h1><p>${words[what]}</p><p><a href="${ROOT}${inLanguage(view.language)}">${words.all}</a></p>`;
  return document(view, { title, description: words[what], path: ROOT, body, picture: null });
}

const datesOf = ({ site, language }: PageView): Dates => new Dates(site.zone, language);
const isEmergency = ({ priority }: { readonly priority: string }): boolean => priority === 'emergency';
const isDrill = (item: StandingItem | PastItem): boolean =>
  'scene' in item &&
  item.scene.pages.some(({ zones }) =>
    zones.some(({ item: one }) => one.type === 'emergency' && one.level === 'drill'),
  );
const languageOfItem = (item: StandingItem | PastItem): string =>
  'scene' in item ? item.scene.language : item.language;
const pictureOf = (id: string, number: number): string => `${ROOT}/${id}/${number}.png`;

function standingCard(view: PageView, item: StandingItem): Html {
  const words = WORDS[view.language];
  const alarm = isEmergency(item) && !item.paused;
  const card = html`<article class="card wide${alarm ? ' alarm' : ''}" aria-labelledby="t-${item.id}">
<header>${badge(item, words)}<h3 id="t-${item.id}" lang="${item.scene.language}"><a href="${addressOf(item.id, view.language)}">${item.title}</a></h3>${facts(view, item)}</header>
${said(view, item)}
${figure(view, item, 1, 1)}
<details class="foot"><summary>${words.share}</summary>${share(view, item)}</details>
</article>`;
  return spoken(card, alarm);
}

function pastCard(view: PageView, item: PastItem): Html {
  const [first = ''] = item.words.split('\n').filter((line) => line.trim() !== item.title.trim());
  return html`<article class="card" aria-labelledby="t-${item.id}"><header>${badge(item, WORDS[view.language])}
<h3 id="t-${item.id}" lang="${item.language}"><a href="${addressOf(item.id, view.language)}">${item.title}</a></h3>
${facts(view, item)}</header>${first === '' ? null : html`<div class="said" lang="${item.language}"><p>${shortened(first)}</p></div>`}</article>`;
}

/** What must be known at once is spoken by a screen reader when it comes. */
const spoken = (card: Html, alarm: boolean): Html => (alarm ? html`<div role="alert">${card}</div>` : card);

function badge(item: StandingItem | PastItem, words: PageWords): Html {
  const stands = 'scene' in item;
  const state = stands ? (item.paused ? words.paused : words.onNow) : words.over;
  const kind = isDrill(item) ? words.drill : isEmergency(item) ? words.emergency : null;
  return html`<span class="badge${stands ? '' : ' over'}${isEmergency(item) && stands ? ' warn' : ''}">${kind === null ? state : `${kind} · ${state}`}</span>`;
}

function facts(view: PageView, item: StandingItem | PastItem): Html {
  const words = WORDS[view.language];
  const dates = datesOf(view);
  const stands = 'scene' in item;
  const [from, to] = stands ? [item.since, item.until] : [item.firstAt, item.lastAt];
  const since = html`<time datetime="${dates.iso(from)}">${dates.full(from)}</time>`;
  const until = html`<time datetime="${dates.iso(to)}">${dates.after(to, from)}</time>`;
  const names = stands ? item.boards.map(({ name }) => name) : item.boards;
  return html`<p class="quiet">${between(stands ? words.from : words.stood, since, until)}</p>
<p class="quiet">${words.where}: ${names.join(', ')}</p>${stands ? lostBoards(view, item.boards) : null}`;
}

/** Puts marked-up times into a sentence that knows their places. */
function between(sentence: (since: string, until: string) => string, since: Html, until: Html): Html {
  const [before = '', middle = '', after = ''] = sentence('\u0001', '\u0001').split('\u0001');
  return html`${before}${since}${middle}${until}${after}`;
}

function lostBoards(view: PageView, boards: readonly StandingBoard[]): Html | null {
  const lost = boards.filter(({ lostSince }) => lostSince !== null);
  if (lost.length === 0) return null;
  const since = Math.min(...lost.map(({ lostSince }) => lostSince ?? view.at));
  const names = lost.map(({ name }) => name).join(', ');
  return html`<p class="warn">${WORDS[view.language].lost(names, datesOf(view).full(since))}</p>`;
}

function said(view: PageView, item: StandingItem | PastItem): Html {
  const text =
    'scene' in item
      ? sceneHtml(item.scene, view.at, WORDS[view.language], item.title)
      : html`${item.words
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => html`<p>${line}</p>`)}`;
  return html`<div class="said" lang="${languageOfItem(item)}">${text}</div>`;
}

/** So few pixels across are an LED board's, and shown as such. */
const LED_WIDTH = 640;

function figure(view: PageView, item: StandingItem | PastItem, number: number, of: number): Html {
  const words = WORDS[view.language];
  const led = item.size.width < LED_WIDTH;
  const { width, height } = item.size;
  const scale = led ? Math.max(1, Math.floor(1_152 / width)) : Math.min(1, 1_280 / width);
  const caption = of > 1 ? html`<figcaption>${words.page(number, of)}</figcaption>` : null;
  return html`<figure${led ? html` class="led"` : null}><img src="${pictureOf(item.id, number)}" alt="${words.picture(item.title)}" width="${Math.round(width * scale)}" height="${Math.round(height * scale)}" loading="lazy" decoding="async">${caption}</figure>`;
}

function share(view: PageView, item: StandingItem | PastItem): Html {
  const words = WORDS[view.language];
  const address = `${view.site.publicUrl}${ROOT}/${item.id}`;
  const field = `link-${item.id}`;
  return html`<div class="share" role="group" aria-label="${words.share}" data-title="${item.title}" data-copied="${words.copied}" data-count="${ROOT}/${item.id}/share">
<button type="button" class="main" data-do="share" hidden>${words.shareWith}</button>
<label for="${field}">${words.link}<input id="${field}" readonly value="${address}"></label>
<button type="button" data-do="copy" hidden>${words.copy}</button>
<a class="button" rel="nofollow noopener" href="${ROOT}/${item.id}/share/facebook">${words.facebook}</a>
<a class="button" href="mailto:?subject=${encodeURIComponent(item.title)}&body=${encodeURIComponent(address)}">${words.mail}</a>
</div>`;
}

const shortened = (text: string): string =>
  text.length <= DESCRIPTION ? text : `${text.slice(0, DESCRIPTION - 1).replace(/\s+\S*$/, '')}…`;

function document(
  { site, language, at }: PageView,
  page: { title: string; description: string; path: string; body: Html; picture: string | null },
): string {
  const words = WORDS[language];
  const address = `${site.publicUrl}${page.path}`;
  const other: Language = language === 'vi' ? 'en' : 'vi';
  const dates = new Dates(site.zone, language);
  const title = page.path === ROOT ? page.title : `${page.title} – ${words.of(site.name)}`;
  const picture =
    page.picture === null
      ? null
      : html`<meta property="og:image" content="${site.publicUrl}${page.picture}">
<meta name="twitter:card" content="summary_large_image">`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<meta name="description" content="${shortened(page.description.replaceAll(/\s+/g, ' '))}">
<link rel="canonical" href="${address}">
<link rel="alternate" hreflang="vi" href="${address}">
<link rel="alternate" hreflang="en" href="${address}?lang=en">
<link rel="alternate" type="application/atom+xml" title="${words.feed}" href="${ROOT}/feed.atom">
<link rel="icon" type="image/svg+xml" href="/icon.svg">
<link rel="stylesheet" href="${ROOT}/style.css">
<meta property="og:type" content="${page.path === ROOT ? 'website' : 'article'}">
<meta property="og:site_name" content="${words.of(site.name)}">
<meta property="og:locale" content="${language === 'vi' ? 'vi_VN' : 'en_GB'}">
<meta property="og:title" content="${page.title}">
<meta property="og:description" content="${shortened(page.description.replaceAll(/\s+/g, ' '))}">
<meta property="og:url" content="${address}">
${picture}
<script src="${ROOT}/share.js" defer></script>
</head>
<body>
<a class="skip" href="#content">${words.skip}</a>
<header class="top"><div class="wrap"><a class="site" href="${ROOT}${inLanguage(language)}">${words.of(site.name)}</a><a class="lang" lang="${other}" hreflang="${other}" href="${page.path}?lang=${other}">${words.other}</a></div></header>
<main id="content" class="wrap">${page.body}</main>
<footer><div class="wrap"><p>${words.updated(dates.full(at))} <a href="${page.path}${inLanguage(language)}">${words.reload}</a> <a href="${ROOT}/feed.atom">${words.feed}</a></p><p>${words.private}</p></div></footer>
</body>
</html>
`.text;
}
