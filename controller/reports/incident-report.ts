import type { Incident, SilentDevice } from '../http/contract/incidents.ts';
import { ReportDocument } from './document.ts';
import {
  KINDS,
  MESSAGE_STATES,
  MESSAGES,
  momentIn,
  numberIn,
  reasonIn,
  SOURCES,
  STATES,
  shareIn,
  VERDICTS,
} from './words.ts';

export interface ReportFacts {
  readonly incident: Incident;
  readonly silent: readonly SilentDevice[];
  readonly site: string;
  /** IANA name of the wall clock. */
  readonly zone: string;
  readonly at: number;
  /** Of the certificate that signs. */
  readonly fingerprint: string;
}

/** Devices that did what was asked of them: of a silent drill, those that were ready. */
export const reachedOf = ({ drill, counts }: Pick<Incident, 'drill' | 'counts'>): number =>
  drill === 'silent' ? counts.ready : counts.sounding + counts.done;

/** What is known of an incident or a drill, laid out; nothing that is not known is in it. */
export function incidentReport(facts: ReportFacts): ReportDocument {
  const { incident, silent, site, zone, at, fingerprint } = facts;
  const { counts, drill } = incident;
  const moment = (time: number): string => momentIn(time, zone);
  const kind =
    drill === null
      ? 'BÁO CÁO SỰ CỐ KHẨN CẤP'
      : drill === 'silent'
        ? 'BÁO CÁO DIỄN TẬP KHÔNG PHÁT TIẾNG'
        : 'BÁO CÁO DIỄN TẬP CÓ PHÁT TIẾNG';
  const report = new ReportDocument(
    `${kind}: ${incident.title}`,
    `${site} · ${incident.id} · lập lúc ${moment(at)}`,
  );
  report.heading(kind, incident.title, site);

  const reached = reachedOf(incident);
  report.figures([
    {
      figure: shareIn(reached, counts.asked),
      name: drill === 'silent' ? 'sẵn sàng' : 'đã phát hoặc hiển thị',
    },
    { figure: numberIn(reached), name: 'thiết bị đạt' },
    { figure: numberIn(counts.asked), name: 'thiết bị được yêu cầu' },
    { figure: numberIn(counts.silent), name: 'thiết bị không đạt' },
  ]);
  report.facts([
    ['Tình trạng', STATES[incident.state]],
    ['Nguồn', SOURCES[incident.source]],
    ['Khu vực', targetsIn(incident.targets)],
    ['Soạn', who(incident.createdBy, moment(incident.createdAt))],
    ...fact('Xác nhận', incident.confirmedBy),
    ...fact('Người thứ hai', incident.secondBy),
    ...fact('Bắt đầu phát', incident.activatedAt, moment),
    ...fact('Hiệu lực đến', drill === 'silent' ? null : incident.expiresAt, moment),
    ...(incident.endedAt === null
      ? []
      : [['Kết thúc', who(incident.endedBy, moment(incident.endedAt))] as const]),
    ...fact('Bị dừng giữa chừng', incident.stoppedAt, moment),
  ]);
  if (incident.breakGlass !== null) breakGlass(report, incident.breakGlass, moment);

  report.section('Nội dung');
  report.table(
    [
      { title: 'Thời điểm', share: 20 },
      { title: 'Loại', share: 16 },
      { title: 'Nội dung', share: 46 },
      { title: 'Kết quả', share: 18 },
    ],
    incident.messages.map(({ sentAt, kind: type, heading, text, state, reason, by }) => [
      [sentAt === null ? '–' : moment(sentAt), ...(by === null ? [] : [by])].join('\n'),
      MESSAGES[type],
      heading === null ? text : `${heading}\n${text}`,
      reason === null ? MESSAGE_STATES[state] : `${MESSAGE_STATES[state]}: ${reasonIn(reason)}`,
    ]),
  );

  report.section(drill === 'silent' ? 'Thiết bị chưa sẵn sàng' : 'Thiết bị không phát');
  if (silent.length === 0) {
    report.paragraph(counts.asked === 0 ? 'Chưa có thiết bị nào được yêu cầu.' : 'Không có.');
  } else {
    if (silent.length < counts.silent) {
      report.paragraph(`Liệt kê ${numberIn(silent.length)} trong ${numberIn(counts.silent)} thiết bị.`, true);
    }
    report.table(
      [
        { title: 'Thiết bị', share: 32 },
        { title: 'Loại', share: 12 },
        { title: 'Khu vực', share: 26 },
        { title: 'Lý do', share: 30 },
      ],
      silent.map(({ name, kind: type, areaName, reason }) => [
        name,
        KINDS[type],
        areaName ?? '–',
        reasonIn(reason),
      ]),
    );
  }
  report.section('Về báo cáo này');
  report.paragraph(method(drill), true);
  report.paragraph(
    `Báo cáo do hệ thống lập và ký số bằng chứng thư tự ký của đài. SHA-256 của chứng thư: ${fingerprint}. ` +
      'Thời điểm theo đồng hồ của máy chủ đài, không có dấu thời gian của bên thứ ba.',
    true,
  );
  return report;
}

function breakGlass(
  report: ReportDocument,
  glass: NonNullable<Incident['breakGlass']>,
  moment: (at: number) => string,
): void {
  report.section('Phát khi chỉ có một người');
  report.facts([
    ['Người phát', who(glass.by, moment(glass.at))],
    ['Lý do', glass.reason],
    ...(glass.verdict === null || glass.reviewedAt === null
      ? [['Rà soát', 'Chưa rà soát'] as const]
      : [
          [
            'Rà soát',
            `${VERDICTS[glass.verdict]} · ${who(glass.reviewedBy, moment(glass.reviewedAt))}`,
          ] as const,
        ]),
    ...fact('Ghi chú', glass.note),
  ]);
}

const method = (drill: Incident['drill']): string =>
  drill === 'silent'
    ? 'Mỗi thiết bị được yêu cầu chuẩn bị phát: có tệp, kiểm tra mã băm, giải mã được. Không thiết bị nào phát tiếng. ' +
      'Thiết bị “sẵn sàng” là thiết bị tự báo đã chuẩn bị xong; loa đang tắt tiếng không được tính.'
    : 'Thiết bị “đạt” là thiết bị tự báo đã bắt đầu phát hoặc hiển thị nội dung mới nhất; loa đang tắt tiếng không được ' +
      'tính. Mỗi thiết bị được đếm một lần.';

const who = (name: string | null, moment: string): string => (name === null ? moment : `${name}, ${moment}`);

function fact<T extends string | number>(
  name: string,
  value: T | null,
  shown: (value: T) => string = String,
): readonly (readonly [string, string])[] {
  return value === null ? [] : [[name, shown(value)]];
}

const targetsIn = (targets: Incident['targets']): string =>
  targets.some(({ kind }) => kind === 'all')
    ? 'Toàn bộ thiết bị'
    : targets.map(({ name }) => name).join(', ');
