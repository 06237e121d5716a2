/** An attribute list of RFC 8216, 4.2: `NAME=value,NAME="quoted, with commas"`. Quotes are taken off. */
export function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', quoted, bare = ''] of text.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^",]*))/g)) {
    if (!attributes.has(name)) attributes.set(name, quoted ?? bare);
  }
  return attributes;
}
