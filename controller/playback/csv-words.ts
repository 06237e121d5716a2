import type { PriorityClass } from '#devices/plan';
import type { Verdict } from '../http/contract/plays.ts';
import type { Separator } from './csv.ts';

/** What the export says in one language. */
export interface CsvWords {
  readonly separator: Separator;
  readonly filename: string;
  readonly columns: readonly string[];
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly priorities: Readonly<Record<PriorityClass, string>>;
  /** By code; a code that a newer device tells and that is not here stands as it is. */
  readonly reasons: Readonly<Record<string, string>>;
  /** Of year, month, day, with two digits where there are less. */
  readonly date: (year: string, month: string, day: string) => string;
}

const vi: CsvWords = {
  separator: ';',
  filename: 'nhat-ky-phat.csv',
  columns: [
    'Ngày',
    'Giờ',
    'Nội dung',
    'Thiết bị',
    'Mã thiết bị',
    'Khu vực',
    'Mức ưu tiên',
    'Kết quả',
    'Lý do',
    'Bắt đầu thực tế',
    'Trễ (ms)',
    'Đã phát (giây)',
    'Phải phát (giây)',
    'Mã lịch',
  ],
  verdicts: {
    pending: 'chờ kết quả',
    played: 'đã phát',
    late: 'phát muộn',
    partial: 'phát thiếu',
    preempted: 'bị chen ngang',
    missed: 'không phát',
    unknown: 'chưa rõ',
  },
  priorities: {
    emergency: 'khẩn cấp',
    live: 'trực tiếp',
    priority: 'ưu tiên',
    scheduled: 'thông thường',
    background: 'nền',
  },
  reasons: {
    muted: 'loa bị tắt tiếng',
    dark: 'bảng bị tắt sáng',
    'no-record': 'thiết bị không ghi nhận lần phát này',
    'no-plan': 'thiết bị chưa nhận kế hoạch',
    'no-word-since': 'thiết bị chưa báo lại',
    incomplete: 'không phát hết',
    'clock-unsynced': 'đồng hồ thiết bị chưa chuẩn',
    early: 'phát sớm',
    preempted: 'nhường bản tin ưu tiên hơn',
    outranked: 'nhường bản tin ưu tiên hơn',
    busy: 'đang phát nội dung khác',
    stopped: 'bị dừng',
    expired: 'quá hạn phát',
    'too-late': 'quá muộn để phát',
    'window-over': 'đã hết giờ phát',
    skipped: 'bỏ qua sau khi bị chen ngang',
    'interrupted-too-long': 'bị chen ngang quá lâu',
    fault: 'lỗi thiết bị',
    power: 'mất điện',
    missed: 'không phát',
    'blob-missing': 'chưa tải xong tệp',
    'unsupported-media': 'thiết bị không đọc được loại tệp này',
    'scene-unreadable': 'không đọc được nội dung bảng',
    malformed: 'dữ liệu hỏng',
  },
  date: (year, month, day) => `${day}/${month}/${year}`,
};

const en: CsvWords = {
  separator: ',',
  filename: 'playback-log.csv',
  columns: [
    'Date',
    'Time',
    'Title',
    'Device',
    'Device id',
    'Area',
    'Priority',
    'Result',
    'Reason',
    'Actual start',
    'Late (ms)',
    'Played (s)',
    'Due (s)',
    'Schedule id',
  ],
  verdicts: {
    pending: 'pending',
    played: 'played',
    late: 'late',
    partial: 'partial',
    preempted: 'preempted',
    missed: 'missed',
    unknown: 'unknown',
  },
  priorities: {
    emergency: 'emergency',
    live: 'live',
    priority: 'priority',
    scheduled: 'scheduled',
    background: 'background',
  },
  reasons: {
    muted: 'the speaker was muted',
    dark: 'the board was dark',
    'no-record': 'the device has no record of it',
    'no-plan': 'the device did not have the plan yet',
    'no-word-since': 'no word from the device yet',
    incomplete: 'not played to the end',
    'clock-unsynced': "the device's clock was not set",
    early: 'played early',
    preempted: 'gave way to something more urgent',
    outranked: 'gave way to something more urgent',
    busy: 'something else was playing',
    stopped: 'stopped',
    expired: 'expired',
    'too-late': 'too late to begin',
    'window-over': 'its time was over',
    skipped: 'skipped after an interruption',
    'interrupted-too-long': 'interrupted for too long',
    fault: 'fault of the device',
    power: 'power failure',
    missed: 'not played',
    'blob-missing': 'the file was not fetched yet',
    'unsupported-media': 'the device cannot read such a file',
    'scene-unreadable': 'the notice cannot be read',
    malformed: 'damaged data',
  },
  date: (year, month, day) => `${year}-${month}-${day}`,
};

export const CSV_WORDS = { vi, en } as const satisfies Record<string, CsvWords>;
