import type { TelnetOption } from '../option.ts'
import { plainText } from '../plain-text.ts'
import type { Session } from '../session.ts'
import { SGA } from './suppress-go-ahead.ts'

const IS = 0
const SEND = 1
/** Who goes on giving new names after so many is not asked any more. */
const MOST_TYPES = 5

const TTYPE = 24
const encoder = new TextEncoder()

/**
 * TERMINAL-TYPE, RFC 1091, with the cycle of MTTS (https://tintin.mudhalla.net/protocols/mtts): name of the client, type of
 * the terminal, bits. It ends where an answer repeats.
 */
export const terminalType: TelnetOption = {
  code: TTYPE,
  server: {
    opens: 'him',
    informs: true,
    allows: (party) => party === 'him',
    changed(_party, isOn, session) {
      session.terminalTypes = isOn ? [] : undefined
      if (isOn) ask(session)
      else session.answered('terminal type')
    },
    received(body, session) {
      const types = session.terminalTypes
      if (body[0] !== IS || !types || types.length >= MOST_TYPES) return
      const type = plainText(body.subarray(1))
      const isNew = type !== '' && !types.includes(type)
      if (isNew) {
        types.push(type)
        learn(type, types.length, session)
      }
      if (isNew && types.length < MOST_TYPES && !type.startsWith('MTTS ')) ask(session)
      else {
        // Nothing that comes unasked is looked at any more.
        session.terminalTypes = undefined
        session.answered('terminal type')
      }
    },
  },
  client: {
    allows: (party) => party === 'us',
    changed(_party, isOn, session) {
      session.terminalTypes = isOn ? [] : undefined
    },
    received(body, session) {
      const asked = session.terminalTypes
      if (body[0] !== SEND || !asked) return
      const { name, terminalType: type, mtts } = session.settings.client
      const answers = [name, type, `MTTS ${mtts}`]
      // The last one again says that there are no more.
      const answer = answers[Math.min(asked.length, answers.length - 1)] ?? name
      if (asked.length <= answers.length) asked.push(answer)
      session.subnegotiate(TTYPE, [IS, ...encoder.encode(answer)])
    },
  },
}

function ask(session: Session): void {
  session.awaiting('terminal type')
  session.subnegotiate(TTYPE, [SEND])
}

function learn(type: string, count: number, session: Session): void {
  const { facts } = session
  const bits = /^MTTS (\d{1,6})$/.exec(type)?.[1]
  if (bits !== undefined) {
    facts.mtts = Number(bits)
  } else if (type === 'VTNT') {
    // Windows telnet, and nobody else: it sends keys as they are typed, and shows none of them.
    session.negotiator.request(SGA, 'us', true)
  } else if (count === 1) facts.type = type
  else if (count === 2) {
    // A second name shows that the first one was the client's.
    facts.client ??= facts.type ?? type
    facts.type = type
  }
  session.learned()
}
