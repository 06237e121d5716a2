import { XmlDocument, XmlError, XsdValidator } from 'libxml2-wasm';
import { CAP_NAMESPACE, CAP_SCHEMA } from './cap-schema.ts';
import { type Circle, circleOf, type Polygon, polygonOf } from './geometry.ts';
import { CapRefusal } from './refusal.ts';
import { childrenNamed, complaintOf, type Element, readXml } from './safe-xml.ts';

export type CapStatus = 'Actual' | 'Exercise' | 'System' | 'Test' | 'Draft';
export type CapMessageType = 'Alert' | 'Update' | 'Cancel' | 'Ack' | 'Error';

/** Another message, as `references` names it. */
export interface CapReference {
  readonly sender: string;
  readonly identifier: string;
  readonly sent: number;
}

export interface CapArea {
  readonly description: string;
  readonly polygons: readonly Polygon[];
  readonly circles: readonly Circle[];
  readonly geocodes: readonly { readonly valueName: string; readonly value: string }[];
}

/** An `info`; times are epoch milliseconds. */
export interface CapInfo {
  /** Null: it says none, which by the standard means en-US. */
  readonly language: string | null;
  readonly event: string;
  readonly urgency: string;
  readonly severity: string;
  readonly certainty: string;
  readonly effective: number | null;
  readonly onset: number | null;
  readonly expires: number | null;
  readonly senderName: string | null;
  readonly headline: string | null;
  readonly description: string | null;
  readonly instruction: string | null;
  readonly areas: readonly CapArea[];
}

/** A CAP 1.2 message that fits the schema and the rules that the standard states beside it. */
export interface CapMessage extends CapReference {
  readonly status: CapStatus;
  readonly msgType: CapMessageType;
  readonly scope: 'Public' | 'Restricted' | 'Private';
  readonly note: string | null;
  readonly references: readonly CapReference[];
  readonly infos: readonly CapInfo[];
}

let validator: XsdValidator | undefined;

/** Made once; it lives outside of JavaScript's memory, as long as the process. */
function schema(): XsdValidator {
  validator ??= XsdValidator.fromDoc(XmlDocument.fromString(CAP_SCHEMA));
  return validator;
}

/** More of any one thing than this no alert means; each costs time wherever it is looked at. */
const MOST = { infos: 64, areas: 200, shapes: 500, references: 200 };

/**
 * Reads a message: schema-valid CAP 1.2 only, and then what a schema cannot say.
 * @param text from `xmlText`.
 * @throws CapRefusal `not-xml`, `not-cap` (another namespace or version), `not-valid`, `not-consistent`.
 */
export function readMessage(text: string): CapMessage {
  return readXml(text, (document) => {
    const { root } = document;
    if (root.name !== 'alert' || root.namespaceUri !== CAP_NAMESPACE) {
      const given = `${root.name} of ${root.namespaceUri || 'no namespace'}`.slice(0, 120);
      throw new CapRefusal('not-cap', `It is ${given}, not alert of ${CAP_NAMESPACE}; send CAP 1.2.`);
    }
    try {
      schema().validate(document);
    } catch (cause) {
      if (!(cause instanceof XmlError)) throw cause;
      throw new CapRefusal(
        'not-valid',
        `It does not fit the schema of CAP 1.2: ${complaintOf(cause)}`,
        cause,
      );
    }
    return consistent(messageOf(new Part(root)));
  });
}

function messageOf(alert: Part): CapMessage {
  const infos = alert.parts('info');
  refuseMany('info', infos.length, MOST.infos);
  refuseUnaddressed(alert);
  return {
    identifier: alert.text('identifier') ?? '',
    sender: alert.text('sender') ?? '',
    sent: alert.time('sent') ?? 0,
    status: alert.text('status') as CapStatus,
    msgType: alert.text('msgType') as CapMessageType,
    scope: alert.text('scope') as CapMessage['scope'],
    note: alert.text('note'),
    references: referencesOf(alert.text('references')),
    infos: infos.map(infoOf),
  };
}

/** Section 3.2.1: what a restricted or private message must say besides. */
function refuseUnaddressed(alert: Part): void {
  const scope = alert.text('scope');
  if (scope === 'Restricted' && alert.text('restriction') === null) {
    throw inconsistent('Its scope is Restricted, but it does not say to whom (restriction).');
  }
  if (scope === 'Private' && alert.text('addresses') === null) {
    throw inconsistent('Its scope is Private, but it names no addresses.');
  }
}

function infoOf(info: Part): CapInfo {
  const areas = info.parts('area');
  refuseMany('area', areas.length, MOST.areas);
  return {
    language: info.text('language'),
    event: info.text('event') ?? '',
    urgency: info.text('urgency') ?? '',
    severity: info.text('severity') ?? '',
    certainty: info.text('certainty') ?? '',
    effective: info.time('effective'),
    onset: info.time('onset'),
    expires: info.time('expires'),
    senderName: info.text('senderName'),
    headline: info.text('headline'),
    description: info.text('description'),
    instruction: info.text('instruction'),
    areas: areas.map(areaOf),
  };
}

function areaOf(area: Part): CapArea {
  const polygons = area.texts('polygon');
  const circles = area.texts('circle');
  const geocodes = area.parts('geocode');
  refuseMany('polygon, circle and geocode', polygons.length + circles.length + geocodes.length, MOST.shapes);
  return {
    description: area.text('areaDesc') ?? '',
    polygons: polygons.map(polygonOf),
    circles: circles.map(circleOf),
    geocodes: geocodes.map((code) => ({
      valueName: code.text('valueName') ?? '',
      value: code.text('value') ?? '',
    })),
  };
}

/** `sender,identifier,sent`, parted by white space (section 3.2.1). */
function referencesOf(text: string | null): CapReference[] {
  const words = text?.split(/\s+/).filter((word) => word !== '') ?? [];
  refuseMany('reference', words.length, MOST.references);
  return words.map((word) => {
    const [sender = '', identifier = '', sent = '', ...rest] = word.split(',');
    const at = Date.parse(sent);
    if (sender === '' || identifier === '' || Number.isNaN(at) || rest.length > 0) {
      throw inconsistent(`“${word.slice(0, 100)}” in references is not sender,identifier,sent.`);
    }
    return { sender, identifier, sent: at };
  });
}

/** Section 3.2.1: names are without spaces, commas and markup; an update or a cancellation says of what. */
function consistent(message: CapMessage): CapMessage {
  for (const name of ['identifier', 'sender'] as const) {
    const value = message[name];
    if (value === '' || value.length > 500 || /[\s,<&]/.test(value)) {
      throw inconsistent(`Its ${name} is empty, too long, or has spaces, commas, < or & in it.`);
    }
  }
  const { msgType, references, infos } = message;
  if (['Update', 'Cancel', 'Ack', 'Error'].includes(msgType) && references.length === 0) {
    throw inconsistent(`It is of type ${msgType}, but does not say of which message (references).`);
  }
  if (['Alert', 'Update'].includes(msgType) && infos.length === 0) {
    throw inconsistent(`It is of type ${msgType}, but has no info.`);
  }
  for (const { effective, expires } of infos) {
    if (effective !== null && expires !== null && expires < effective) {
      throw inconsistent('It expires before it takes effect.');
    }
  }
  return message;
}

function refuseMany(what: string, count: number, most: number): void {
  if (count > most) throw inconsistent(`It has ${count} of ${what}; at most ${most} are read.`);
}

const inconsistent = (detail: string): CapRefusal => new CapRefusal('not-consistent', detail);

/** An element and its children by name, in the namespace of CAP. */
class Part {
  readonly #element: Element;

  constructor(element: Element) {
    this.#element = element;
  }

  parts(name: string): Part[] {
    return childrenNamed(this.#element, name, CAP_NAMESPACE).map((child) => new Part(child));
  }

  texts(name: string): string[] {
    return this.parts(name).map((part) => part.#element.content.trim());
  }

  /** Null when it is not there, or says nothing. */
  text(name: string): string | null {
    return this.texts(name)[0] || null;
  }

  time(name: string): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw inconsistent(`“${text}” in ${name} is no moment.`);
    return at;
  }
}
