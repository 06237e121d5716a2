/** What stands on the screen as long as it is not a board: in Vietnamese, and for the technician in English. */
const SIGNS = {
  starting: {
    vi: 'Đang khởi động bảng tin…',
    en: 'Starting the board…',
    more: null,
  },
  waiting: {
    vi: 'Mã ghép bảng tin',
    en: 'Pairing code of this board',
    more: {
      vi: 'Trên máy điều khiển: Thiết bị → Chờ ghép → so đúng mã này rồi bấm Cho vào.',
      en: 'On the controller: Devices → waiting to be let in → compare this code, then let it in.',
    },
  },
  refused: {
    vi: 'Bảng tin này đã bị từ chối',
    en: 'This board was refused',
    more: {
      vi: 'Mã đã bị từ chối trên máy điều khiển. Bảng tin sẽ tự xin ghép lại; hãy so đúng mã rồi cho vào.',
      en: 'The code was refused on the controller. The board asks again by itself; compare the code and let it in.',
    },
  },
  unreachable: {
    vi: 'Không liên lạc được với máy điều khiển',
    en: 'The controller cannot be reached',
    more: {
      vi: 'Kiểm tra dây mạng hoặc Wi-Fi. Bảng tin tự thử lại.',
      en: 'Check the network cable or the Wi-Fi. The board tries again by itself.',
    },
  },
  unsupplied: {
    vi: 'Đã ghép. Đang chờ máy điều khiển…',
    en: 'Paired. Waiting for the controller…',
    more: {
      vi: 'Nếu dòng này còn mãi: kiểm tra mạng, và cổng /mqtt của máy điều khiển có mở không.',
      en: 'If this stays: check the network, and whether /mqtt of the controller is open.',
    },
  },
  'no-door': {
    vi: 'Máy điều khiển không mở cổng WebSocket cho bảng tin',
    en: 'The controller opens no WebSocket for boards',
    more: {
      vi: 'Đặt LOA_MQTT_PUBLIC_URL là một địa chỉ wss:// của máy chủ MQTT.',
      en: 'Set LOA_MQTT_PUBLIC_URL to a wss:// address of the MQTT broker.',
    },
  },
  insecure: {
    vi: 'Trang này cần địa chỉ https',
    en: 'This page needs an https address',
    more: {
      vi: 'Mở bảng tin bằng https://…/board, hoặc chạy Chromium với tuỳ chọn --unsafely-treat-insecure-origin-as-secure=<địa chỉ máy điều khiển>.',
      en: 'Open the board at https://…/board, or start Chromium with --unsafely-treat-insecure-origin-as-secure=<address of the controller>.',
    },
  },
  'too-old': {
    vi: 'Trình duyệt quá cũ',
    en: 'The browser is too old',
    more: {
      vi: 'Cần Chromium hoặc Edge 137, Firefox 130 hay Safari 17.4 trở lên (có khoá Ed25519).',
      en: 'It takes Chromium or Edge 137, Firefox 130 or Safari 17.4 and later (keys of Ed25519).',
    },
  },
  twice: {
    vi: 'Bảng tin đang mở ở một cửa sổ khác',
    en: 'The board is open in another window',
    more: {
      vi: 'Đóng cửa sổ kia, bảng tin sẽ hiện ở đây.',
      en: 'Close that window, and the board comes here.',
    },
  },
  broken: {
    vi: 'Bảng tin gặp lỗi, đang thử lại',
    en: 'The board met an error and tries again',
    more: null,
  },
} as const;
export type SignName = keyof typeof SIGNS;

/** A text on the screen while there is nothing to show; gone when there is. */
export class Sign {
  readonly #root: HTMLElement;
  #shown = '';

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#root.setAttribute('role', 'status');
  }

  /** @param code shown large. @param detail in small letters, for a technician. */
  show(name: SignName, { code, detail }: { code?: string; detail?: string } = {}): void {
    const key = `${name} ${code ?? ''} ${detail ?? ''}`;
    if (key === this.#shown) return;
    this.#shown = key;
    const { vi, en, more } = SIGNS[name];
    this.#root.replaceChildren(
      line('h1', 'vi', vi),
      line('p', 'en', en),
      ...(code === undefined ? [] : [line('p', 'vi', `${code.slice(0, 4)} ${code.slice(4)}`, 'code')]),
      ...(more === null ? [] : [line('p', 'vi', more.vi), line('p', 'en', more.en)]),
      ...(detail === undefined ? [] : [line('p', 'en', detail, 'detail')]),
    );
    this.#root.hidden = false;
  }

  hide(): void {
    this.#shown = '';
    this.#root.hidden = true;
  }
}

function line(tag: string, lang: string, text: string, name?: string): HTMLElement {
  const element = document.createElement(tag);
  element.lang = lang;
  element.textContent = text;
  if (name !== undefined) element.className = name;
  return element;
}
