import { Failure } from '../failure.ts';

/** Why an alert is not taken: the code goes into the answer, the log and the list of alerts. */
export type CapRefusalCode =
  | 'too-large'
  | 'not-utf8'
  | 'has-doctype'
  | 'not-xml'
  | 'not-cap'
  | 'not-valid'
  | 'not-consistent'
  | 'signature-missing'
  | 'signature-invalid'
  | 'sender-not-allowed';

const STATUS: Partial<Record<CapRefusalCode, number>> = {
  'too-large': 413,
  'sender-not-allowed': 403,
  'signature-missing': 403,
  'signature-invalid': 403,
};

/** The one thing that reading an alert throws, whatever it was given. */
export class CapRefusal extends Failure {
  readonly refusal: CapRefusalCode;

  constructor(refusal: CapRefusalCode, detail: string, cause?: unknown) {
    super(`cap-${refusal}`, detail, { status: STATUS[refusal] ?? 422, cause });
    this.refusal = refusal;
  }
}
