/**
 * All the script that there is: the system's own share sheet, where the browser has one, and copying. Everything on the
 * page works without.
 */
export const SCRIPT = `
'use strict';
for (const box of document.querySelectorAll('.share')) {
  const field = box.querySelector('input');
  const told = () => navigator.sendBeacon?.(box.dataset.count);
  const share = box.querySelector('button[data-do=share]');
  if (share && navigator.share) {
    share.hidden = false;
    share.addEventListener('click', () => {
      navigator.share({ title: box.dataset.title, url: field.value }).then(told, () => {});
    });
  }
  const copy = box.querySelector('button[data-do=copy]');
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener('click', () => {
      navigator.clipboard.writeText(field.value).then(() => {
        told();
        const before = copy.textContent;
        copy.textContent = box.dataset.copied;
        setTimeout(() => { copy.textContent = before; }, 2000);
      }, () => field.select());
    });
  }
  field.addEventListener('focus', () => field.select());
}
`.trim();
