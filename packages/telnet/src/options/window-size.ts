import type { TelnetOption } from '../option.ts'
import type { Session } from '../session.ts'
import type { WindowSize } from '../signals.ts'

const NAWS = 31

/** NAWS, RFC 1073: the size of the client's window, now and whenever it changes. */
export const windowSize: TelnetOption = {
  code: NAWS,
  server: {
    opens: 'him',
    informs: true,
    allows: (party) => party === 'him',
    received(body, session) {
      const [w1 = 0, w0 = 0, h1 = 0, h0 = 0] = body
      const [columns, rows] = [w1 * 256 + w0, h1 * 256 + h0]
      // Zero is a size that the client does not know.
      if (body.length !== 4 || columns === 0 || rows === 0) return
      session.tell('windowSize', Object.freeze({ columns: clamp(columns, 20), rows: clamp(rows, 5) }))
    },
  },
  client: {
    allows: (party) => party === 'us',
    changed(_party, isOn, session) {
      const { windowSize: size } = session.settings.client
      if (isOn && size) sendWindowSize(size, session)
    },
  },
}

/** Tells a server the size. False where it does not want to know, or it is none. */
export function sendWindowSize(size: WindowSize, session: Session): boolean {
  const { columns, rows } = size ?? {}
  if (!session.negotiator.has(NAWS, 'us') || !isSize(columns) || !isSize(rows)) return false
  session.subnegotiate(NAWS, [columns >> 8, columns & 255, rows >> 8, rows & 255])
  return true
}

function isSize(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535
}

/** No layout is made for less or more. */
function clamp(value: number, least: number): number {
  return Math.min(500, Math.max(least, value))
}
