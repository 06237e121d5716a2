import type { Clock } from '../clock.ts';
import type { Incident, SilentDevice } from '../http/contract/incidents.ts';
import { incidentReport } from './incident-report.ts';
import { signPdf } from './sign-pdf.ts';
import { SiteCertificate } from './site-certificate.ts';

export interface IncidentReportsDeps {
  readonly clock: Clock;
  readonly incidents: { view(id: string): Incident; silent(id: string): SilentDevice[] };
  /** The directory of keys. */
  readonly keys: string;
  readonly site: string;
  readonly zone: string;
}

/** Reports of incidents and drills, as signed PDF. */
export class IncidentReports {
  readonly #deps: IncidentReportsDeps;
  #certificate: Promise<SiteCertificate> | undefined;

  constructor(deps: IncidentReportsDeps) {
    this.#deps = deps;
  }

  /** Of what is known now. @throws Failure `not-found`, `unreadable-key`. */
  async report(id: string): Promise<{ filename: string; pdf: Buffer }> {
    const { clock, incidents, keys, site, zone } = this.#deps;
    const incident = incidents.view(id);
    const silent = incidents.silent(id);
    const at = clock.now();
    this.#certificate ??= SiteCertificate.load(keys, site, at);
    const certificate = await this.#certificate.catch((error: unknown) => {
      // The next one may find the file repaired.
      this.#certificate = undefined;
      throw error;
    });
    const { fingerprint } = certificate;
    const laidOut = incidentReport({ incident, silent, site, zone, at, fingerprint });
    const pdf = await signPdf(laidOut.pdf(), {
      reason: incident.drill === null ? 'Báo cáo sự cố khẩn cấp' : 'Báo cáo diễn tập',
      ...{ name: site, at: new Date(at), certificate },
    });
    const what = incident.drill === null ? 'su-co' : 'dien-tap';
    return { filename: `bao-cao-${what}-${incident.id}.pdf`, pdf };
  }
}
