import type { TelnetOption } from '../option.ts'
import { plainText } from '../plain-text.ts'
import type { Session } from '../session.ts'
import { isLatin1 } from './charset.ts'

const IS = 0
const SEND = 1
const INFO = 2

const VAR = 0
const VALUE = 1
const ESC = 2
const USERVAR = 3

const NEW_ENVIRON = 39
const encoder = new TextEncoder()

/** What is asked for, and nothing else: `SEND` without names would be answered with the user's name, too. */
const NAMES = ['CLIENT_NAME', 'CLIENT_VERSION', 'CHARSET', 'MTTS', 'TERMINAL_TYPE'] as const
/** What Mudlet has of its own. */
const USER_NAMES = ['OSC_HYPERLINKS', 'SCREEN_READER', '256_COLORS', 'TRUECOLOR'] as const
/** An answer with more variables than that is no answer. */
const MOST = 32

/**
 * NEW-ENVIRON, RFC 1572, with the variables of MNES (https://tintin.mudhalla.net/protocols/mnes). Values are the peer's word:
 * short, plain, and of known names only. IPADDRESS is believed from nobody.
 */
export const newEnviron: TelnetOption = {
  code: NEW_ENVIRON,
  server: {
    opens: 'him',
    informs: true,
    allows: (party) => party === 'him',
    changed(_party, isOn, session) {
      if (!isOn) return
      session.awaiting('environment')
      const names = NAMES.flatMap((name) => [VAR, ...encoder.encode(name)])
      const userNames = USER_NAMES.flatMap((name) => [USERVAR, ...encoder.encode(name)])
      // GNU telnet has room for 256 bytes.
      session.subnegotiate(NEW_ENVIRON, [SEND, ...names, ...userNames])
    },
    received(body, session) {
      if (body[0] !== IS && body[0] !== INFO) return
      for (const [name, value] of variablesIn(body.subarray(1))) learn(name, value, session)
      session.learned()
      session.answered('environment')
    },
  },
  client: {
    allows: (party) => party === 'us',
    received(body, session) {
      if (body[0] !== SEND) return
      const asked = variablesIn(body.subarray(1)).map(([name]) => name)
      const all = asked.length === 0 || asked.includes('')
      const own = ownVariables(session)
      const given = (all ? Object.keys(own) : asked).flatMap((name) => {
        const value = Object.hasOwn(own, name) ? own[name] : undefined
        return [
          VAR,
          ...encoder.encode(name),
          ...(value === undefined ? [] : [VALUE, ...encoder.encode(value)]),
        ]
      })
      session.subnegotiate(NEW_ENVIRON, [IS, ...given])
    },
  },
}

function learn(name: string, value: string, session: Session): void {
  const { facts } = session
  if (value === '') return
  if (name === 'CLIENT_NAME') facts.client = value
  else if (name === 'CLIENT_VERSION') facts.version = value
  else if (name === 'TERMINAL_TYPE') facts.type = value
  else if (name === 'MTTS' && /^\d{1,6}$/.test(value)) facts.mtts = Number(value)
  else if (name === 'CHARSET') {
    facts.utf8 = /^UTF-?8$/i.test(value)
    if (isLatin1(value)) session.setCharset('latin1')
  } else if (value !== '0') {
    if (name === 'OSC_HYPERLINKS') facts.hyperlinks = true
    else if (name === 'SCREEN_READER') facts.screenReader = true
    else if (name === 'TRUECOLOR') facts.colours = 'true'
    else if (name === '256_COLORS') facts.colours ??= '256'
  }
}

function ownVariables({ settings }: Session): Readonly<Record<string, string>> {
  const { name, version, terminalType, mtts } = settings.client
  return {
    CLIENT_NAME: name,
    CLIENT_VERSION: version,
    CHARSET: 'UTF-8',
    MTTS: String(mtts),
    TERMINAL_TYPE: terminalType,
  }
}

/** Names and values; a variable without one has an empty value. */
function variablesIn(body: Uint8Array): (readonly [name: string, value: string])[] {
  const variables: [string, string][] = []
  let at = 0
  const next = (): string => {
    const bytes: number[] = []
    for (; at < body.length; at += 1) {
      const byte = body[at] as number
      if (byte === VAR || byte === VALUE || byte === USERVAR) break
      if (byte === ESC) at += 1
      if (at < body.length && bytes.length < 256) bytes.push(body[at] as number)
    }
    return plainText(Uint8Array.from(bytes))
  }
  while (at < body.length && variables.length < MOST) {
    const kind = body[at]
    at += 1
    const text = next()
    const last = variables[variables.length - 1]
    if (kind === VALUE) {
      if (last) last[1] = text
    } else variables.push([text, ''])
  }
  return variables
}
