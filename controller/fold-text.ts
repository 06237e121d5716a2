/** Text for searching: without case and marks, so that `thoi su` finds `Thời sự`. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').trim();
}
