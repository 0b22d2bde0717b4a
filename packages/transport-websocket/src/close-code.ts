import type { CloseReason } from '@mudwire/core'

const NORMAL = 1000
/** RFC 6455, section 5.5: a control frame has at most 125 bytes, two of which are the code. */
const MOST_TEXT_BYTES = 123

/** The code that a Close carries: what the reason says, if it may be sent at all. */
export function closeCode(reason: CloseReason | undefined): number {
  const wire = reason?.wire ?? NORMAL
  const registered = wire >= 1000 && wire <= 1014 && ![1004, 1005, 1006].includes(wire)
  return registered || (wire >= 3000 && wire <= 4999) ? wire : NORMAL
}

/** What the reason says for people, cut at a character where it is too long. */
export function closeText(reason: CloseReason | undefined): string {
  let text = reason?.text ?? ''
  while (Buffer.byteLength(text) > MOST_TEXT_BYTES) text = [...text].slice(0, -1).join('')
  return text
}
