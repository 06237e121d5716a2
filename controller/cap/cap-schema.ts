/**
 * The XML schema of CAP 1.2 (OASIS Standard "Common Alerting Protocol Version 1.2", 1 July 2010, section 3.4; Copyright
 * OASIS Open 2010, All Rights Reserved), the normative one, with nothing added and nothing left out. It stands in a
 * module so that it goes wherever the program goes.
 */
const DATE_TIME = String.raw`<simpleType><restriction base="xs:dateTime">
  <pattern value="\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-,+]\d\d:\d\d"/>
</restriction></simpleType>`;

const oneOf = (...values: readonly string[]): string =>
  `<simpleType><restriction base="xs:string">${values
    .map((value) => `<enumeration value="${value}"/>`)
    .join('')}</restriction></simpleType>`;

const NAMED_VALUE = `<complexType><sequence>
  <element ref="cap:valueName"/><element ref="cap:value"/>
</sequence></complexType>`;

const RESOURCE = `<complexType><sequence>
  <element name="resourceDesc" type="xs:string"/>
  <element name="mimeType" type="xs:string"/>
  <element name="size" type="xs:integer" minOccurs="0"/>
  <element name="uri" type="xs:anyURI" minOccurs="0"/>
  <element name="derefUri" type="xs:string" minOccurs="0"/>
  <element name="digest" type="xs:string" minOccurs="0"/>
</sequence></complexType>`;

const AREA = `<complexType><sequence>
  <element name="areaDesc" type="xs:string"/>
  <element name="polygon" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
  <element name="circle" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
  <element name="geocode" minOccurs="0" maxOccurs="unbounded">${NAMED_VALUE}</element>
  <element name="altitude" type="xs:decimal" minOccurs="0"/>
  <element name="ceiling" type="xs:decimal" minOccurs="0"/>
</sequence></complexType>`;

const CATEGORIES = oneOf(
  ...['Geo', 'Met', 'Safety', 'Security', 'Rescue', 'Fire'],
  ...['Health', 'Env', 'Transport', 'Infra', 'CBRNE', 'Other'],
);
const RESPONSES = oneOf(
  ...['Shelter', 'Evacuate', 'Prepare', 'Execute', 'Avoid'],
  ...['Monitor', 'Assess', 'AllClear', 'None'],
);

const INFO = `<complexType><sequence>
  <element name="language" type="xs:language" default="en-US" minOccurs="0"/>
  <element name="category" maxOccurs="unbounded">${CATEGORIES}</element>
  <element name="event" type="xs:string"/>
  <element name="responseType" minOccurs="0" maxOccurs="unbounded">${RESPONSES}</element>
  <element name="urgency">${oneOf('Immediate', 'Expected', 'Future', 'Past', 'Unknown')}</element>
  <element name="severity">${oneOf('Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown')}</element>
  <element name="certainty">${oneOf('Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown')}</element>
  <element name="audience" type="xs:string" minOccurs="0"/>
  <element name="eventCode" minOccurs="0" maxOccurs="unbounded">${NAMED_VALUE}</element>
  <element name="effective" minOccurs="0">${DATE_TIME}</element>
  <element name="onset" minOccurs="0">${DATE_TIME}</element>
  <element name="expires" minOccurs="0">${DATE_TIME}</element>
  <element name="senderName" type="xs:string" minOccurs="0"/>
  <element name="headline" type="xs:string" minOccurs="0"/>
  <element name="description" type="xs:string" minOccurs="0"/>
  <element name="instruction" type="xs:string" minOccurs="0"/>
  <element name="web" type="xs:anyURI" minOccurs="0"/>
  <element name="contact" type="xs:string" minOccurs="0"/>
  <element name="parameter" minOccurs="0" maxOccurs="unbounded">${NAMED_VALUE}</element>
  <element name="resource" minOccurs="0" maxOccurs="unbounded">${RESOURCE}</element>
  <element name="area" minOccurs="0" maxOccurs="unbounded">${AREA}</element>
</sequence></complexType>`;

export const CAP_NAMESPACE = 'urn:oasis:names:tc:emergency:cap:1.2';

export const CAP_SCHEMA = `<?xml version="1.0" encoding="UTF-8"?>
<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="${CAP_NAMESPACE}" xmlns:cap="${CAP_NAMESPACE}"
  elementFormDefault="qualified" attributeFormDefault="unqualified" version="1.2">
<element name="alert"><complexType><sequence>
  <element name="identifier" type="xs:string"/>
  <element name="sender" type="xs:string"/>
  <element name="sent">${DATE_TIME}</element>
  <element name="status">${oneOf('Actual', 'Exercise', 'System', 'Test', 'Draft')}</element>
  <element name="msgType">${oneOf('Alert', 'Update', 'Cancel', 'Ack', 'Error')}</element>
  <element name="source" type="xs:string" minOccurs="0"/>
  <element name="scope">${oneOf('Public', 'Restricted', 'Private')}</element>
  <element name="restriction" type="xs:string" minOccurs="0"/>
  <element name="addresses" type="xs:string" minOccurs="0"/>
  <element name="code" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
  <element name="note" type="xs:string" minOccurs="0"/>
  <element name="references" type="xs:string" minOccurs="0"/>
  <element name="incidents" type="xs:string" minOccurs="0"/>
  <element name="info" minOccurs="0" maxOccurs="unbounded">${INFO}</element>
  <any minOccurs="0" maxOccurs="unbounded" namespace="http://www.w3.org/2000/09/xmldsig#" processContents="lax"/>
</sequence></complexType></element>
<element name="valueName" type="xs:string"/>
<element name="value" type="xs:string"/>
</schema>`;
