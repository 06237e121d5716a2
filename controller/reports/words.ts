import type { Incident, IncidentMessage } from '../http/contract/incidents.ts';
import { CSV_WORDS } from '../playback/csv-words.ts';

/** What the reports say; they are read by Vietnamese offices. */
export const STATES: Readonly<Record<Incident['state'], string>> = {
  draft: 'Bản nháp, chưa phát',
  waiting: 'Chờ người thứ hai xác nhận',
  active: 'Đang phát',
  cleared: 'Đã kết thúc',
  expired: 'Đã hết hiệu lực',
  cancelled: 'Đã hủy, không phát',
};
export const SOURCES: Readonly<Record<Incident['source'], string>> = {
  person: 'Cán bộ đài',
  cap: 'Bản tin CAP',
  province: 'Bản tin của tỉnh',
};
export const MESSAGES: Readonly<Record<IncidentMessage['kind'], string>> = {
  alert: 'Thông báo',
  update: 'Cập nhật',
  'all-clear': 'Hết khẩn cấp',
};
export const MESSAGE_STATES: Readonly<Record<IncidentMessage['state'], string>> = {
  preparing: 'đang tạo giọng đọc',
  ready: 'sẵn sàng, chưa phát',
  sent: 'đã phát',
  failed: 'không phát được',
};
export const VERDICTS = { justified: 'Chính đáng', 'not-justified': 'Không chính đáng' } as const;
export const KINDS = { speaker: 'Loa', board: 'Bảng tin' } as const;

const REASONS: Readonly<Record<string, string>> = {
  ...CSV_WORDS.vi.reasons,
  absent: 'Không có kết nối',
  'no-word': 'Không trả lời',
  'not-started': 'Đã nhận nhưng không phát',
  stopped: 'Bị dừng trước khi phát',
  muted: 'Loa bị tắt tiếng',
  failed: 'Lỗi khi phát',
  unsupported: 'Thiết bị không hỗ trợ',
  'not-spoken': 'Không tạo được giọng đọc',
  'nobody-to-play': 'Không có thiết bị nào phát được',
  'no-link': 'Mất kết nối với máy chủ MQTT',
};

/** A code that is not known here stands as it is. */
export const reasonIn = (code: string): string => {
  const text = REASONS[code] ?? code;
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const NUMBER = new Intl.NumberFormat('vi-VN');
const PERCENT = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 1 });

export const numberIn = (value: number): string => NUMBER.format(value);
/** Of nobody there is no share. */
export const shareIn = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${PERCENT.format(Math.floor((part / whole) * 1_000) / 10)} %`;

/** 24/11/2026 06:00:12, on the site's wall clock. */
export function momentIn(at: number, zone: string): string {
  const [date = '', time = ''] = new Date(at).toLocaleString('sv-SE', { timeZone: zone }).split(' ');
  const [year, month, day] = date.split('-');
  return `${day}/${month}/${year} ${time}`;
}
