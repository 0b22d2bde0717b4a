/** What asks for an upgrade, as short as it may be. */
export const UPGRADE: string = [
  'GET /ws HTTP/1.1',
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n')

/** A text message of up to 125 bytes as a client sends it (RFC 6455, section 5.2). */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const mask = Buffer.from([0x21, 0x42, 0x63, 0x84])
  const head = Buffer.from([0x81, 0x80 | payload.length])
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))])
}
