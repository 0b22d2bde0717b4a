import type { TelnetOption } from '../option.ts'
import { plainText } from '../plain-text.ts'
import type { Session } from '../session.ts'

const REQUEST = 1
const ACCEPTED = 2
const REJECTED = 3

const CHARSET = 42
/** More of a request is not looked at. */
const LONGEST_REQUEST = 512
const encoder = new TextEncoder()
const decoder = new TextDecoder()
const LATIN1 = /^(ISO[-_]?8859-1|LATIN-?1)$/i

/** CHARSET, RFC 2066: UTF-8, or Latin-1 for a client that refuses it. Translation tables are not for us. */
export const charset: TelnetOption = {
  code: CHARSET,
  server: {
    opens: 'us',
    informs: true,
    // A client that asks first may make the request, or leave it to us.
    allows: () => true,
    changed(party, isOn, session) {
      if (!isOn || party !== 'us') return
      session.awaiting('charset')
      session.subnegotiate(CHARSET, [REQUEST, ...encoder.encode(';UTF-8')])
    },
    received(body, session) {
      const [code] = body
      if (code === ACCEPTED) {
        session.facts.utf8 = !LATIN1.test(plainText(body.subarray(1)))
        session.setCharset(session.facts.utf8 ? 'utf8' : 'latin1')
      } else if (code === REJECTED) {
        session.facts.utf8 = false
        session.setCharset('latin1')
      } else {
        if (code === REQUEST) requested(body, session)
        return
      }
      session.answered('charset')
      session.learned()
    },
  },
  client: {
    allows: (party) => party === 'him',
    received(body, session) {
      if (body[0] === REQUEST) requested(body, session)
    },
  },
}

/** Answers a peer that names charsets. Where requests can cross, the server's counts. */
function requested(body: Uint8Array, session: Session): void {
  const chosen = session.negotiator.wants(CHARSET, 'us') ? undefined : namesIn(body).find(isSpoken)
  if (chosen === undefined) {
    session.subnegotiate(CHARSET, [REJECTED])
    return
  }
  session.subnegotiate(CHARSET, [ACCEPTED, ...encoder.encode(chosen)])
  session.facts.utf8 = !isLatin1(chosen)
  session.setCharset(isLatin1(chosen) ? 'latin1' : 'utf8')
  session.learned()
}

function isSpoken(name: string): boolean {
  return /^UTF-?8$/i.test(name) || isLatin1(name)
}

/** The names in a request: the first character, whatever it is, separates them. One with a translation table has none for us. */
function namesIn(body: Uint8Array): readonly string[] {
  const list = decoder.decode(body.subarray(1, LONGEST_REQUEST))
  return list.startsWith('[TTABLE ]') ? [] : list.slice(1).split(list.charAt(0))
}

/** A client's own word for its charset, from another option. */
export function isLatin1(name: string): boolean {
  return LATIN1.test(name)
}
