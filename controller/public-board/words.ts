/** Languages of the page itself; what stands on boards is in its own. */
export type Language = 'vi' | 'en';

const vi = {
  board: 'Bảng tin công cộng',
  of: (site: string) => `Bảng tin công cộng ${site}`,
  about: (site: string) => `Những gì đang hiện và mới hiện trên các bảng tin điện tử của ${site}.`,
  skip: 'Đến nội dung',
  now: 'Đang hiện trên bảng',
  lately: 'Đã hiện trong 7 ngày qua',
  nothingNow: 'Hiện không có nội dung nào trên bảng.',
  nothingLately: 'Chưa có nội dung nào.',
  emergency: 'Khẩn cấp',
  drill: 'Diễn tập',
  onNow: 'Đang hiện',
  paused: 'Tạm nhường tin khác',
  over: 'Đã thôi hiện',
  from: (since: string, until: string) => `Từ ${since} đến ${until}`,
  stood: (first: string, last: string) => `Đã hiện từ ${first} đến ${last}`,
  where: 'Ở đâu',
  lost: (boards: string, since: string) =>
    `Không liên lạc được với ${boards} từ ${since}: ở đó có thể đang hiện nội dung khác.`,
  picture: (title: string) => `Hình trên bảng: ${title}`,
  page: (number: number, of: number) => `Trang ${number} trên ${of}`,
  words: 'Nội dung',
  seen: 'Hình trên bảng',
  share: 'Chia sẻ',
  shareWith: 'Chia sẻ…',
  copy: 'Chép liên kết',
  copied: 'Đã chép',
  link: 'Liên kết để dán vào Zalo, Messenger, tin nhắn',
  facebook: 'Chia sẻ lên Facebook',
  mail: 'Gửi thư điện tử',
  all: 'Tất cả nội dung',
  updated: (at: string) => `Cập nhật lúc ${at}.`,
  reload: 'Tải lại',
  feed: 'Nguồn tin Atom',
  private: 'Trang này chỉ đếm số lượt xem và chia sẻ, không dùng cookie và không ghi lại ai đã xem.',
  other: 'English',
  goneTitle: 'Không tìm thấy nội dung này',
  gone: 'Liên kết đã cũ hoặc không đúng. Xem những gì đang hiện trên bảng.',
  withdrawnTitle: 'Nội dung đã được gỡ',
  withdrawn: 'Đơn vị đăng đã gỡ nội dung này. Xem những gì đang hiện trên bảng.',
  imageOf: 'Hình ảnh',
  filmOf: 'Phim',
  overNow: (at: string) =>
    `Nội dung này đã thôi hiện trên bảng từ ${at}; thông tin trong đó có thể không còn đúng.`,
};

const en: typeof vi = {
  board: 'Public bulletin board',
  of: (site) => `Public bulletin board of ${site}`,
  about: (site) => `What the electronic bulletin boards of ${site} show now and have shown lately.`,
  skip: 'Skip to content',
  now: 'On the boards now',
  lately: 'Shown in the last 7 days',
  nothingNow: 'Nothing is on the boards just now.',
  nothingLately: 'Nothing yet.',
  emergency: 'Emergency',
  drill: 'Drill',
  onNow: 'On now',
  paused: 'Making way for something else',
  over: 'No longer shown',
  from: (since, until) => `From ${since} until ${until}`,
  stood: (first, last) => `Shown from ${first} until ${last}`,
  where: 'Where',
  lost: (boards, since) => `${boards} cannot be reached since ${since}: something else may be shown there.`,
  picture: (title) => `On the board: ${title}`,
  page: (number, of) => `Page ${number} of ${of}`,
  words: 'What it says',
  seen: 'What it looks like',
  share: 'Share',
  shareWith: 'Share…',
  copy: 'Copy link',
  copied: 'Copied',
  link: 'Link to paste into Zalo, Messenger, a message',
  facebook: 'Share on Facebook',
  mail: 'Send by e-mail',
  all: 'All items',
  updated: (at) => `Updated at ${at}.`,
  reload: 'Reload',
  feed: 'Atom feed',
  private: 'This page only counts views and shares; it sets no cookies and does not record who looked.',
  other: 'Tiếng Việt',
  goneTitle: 'There is no such item',
  gone: 'The link is old or not right. See what is on the boards now.',
  withdrawnTitle: 'This was taken down',
  withdrawn: 'Whoever published this has taken it down. See what is on the boards now.',
  imageOf: 'Picture',
  filmOf: 'Film',
  overNow: (at) => `This is no longer shown since ${at}; what it says may not hold any more.`,
};

export type PageWords = typeof vi;
export const WORDS: Readonly<Record<Language, PageWords>> = { vi, en };

/** What was asked for by the address, else what the browser prefers, else Vietnamese. */
export function languageOf(asked: unknown, accepted: string | undefined): Language {
  if (asked === 'vi' || asked === 'en') return asked;
  const preferred = (accepted ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';');
      const weight = parameters
        .map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1])
        .find((q) => q !== undefined);
      return { tag: tag.slice(0, 2), weight: Number(weight ?? 1) };
    })
    .sort((a, b) => b.weight - a.weight)
    .find(({ tag }) => tag === 'vi' || tag === 'en');
  return preferred?.tag === 'en' ? 'en' : 'vi';
}
