import { readJson } from '../json.ts'
import type { TelnetOption } from '../option.ts'
import { plainText } from '../plain-text.ts'
import type { Session } from '../session.ts'
import type { GmcpMessage } from '../signals.ts'

export const GMCP = 201
const encoder = new TextEncoder()
const NAME = /^[A-Za-z][\w-]*(\.[A-Za-z][\w-]*)*$/
const LONGEST_NAME = 64
const MOST_PACKAGES = 100

/** What a client has said about GMCP. */
export interface GmcpState {
  /** It has introduced itself, or said what it wants; before that nothing is sent. */
  hello: boolean
  /** The packages that it wants, in lower case. */
  readonly supports: Set<string>
}

/**
 * GMCP, https://www.gammon.com.au/gmcp and https://wiki.mudlet.org/w/Manual:Supported_Protocols. The Core package is ours:
 * Hello and Supports are remembered, a Ping is answered. Everything else goes to the owner.
 */
export const gmcp: TelnetOption = {
  code: GMCP,
  server: {
    opens: 'us',
    allows: (party) => party === 'us',
    changed(_party, isOn, session) {
      session.gmcp = isOn ? { hello: false, supports: new Set() } : undefined
      session.learned()
    },
    received(body, session) {
      if (!session.gmcp) return
      const message = read(body)
      if (message && !takeCore(message, session.gmcp, session)) session.tell('gmcp', message)
    },
  },
  client: {
    allows: (party, session) => party === 'him' && session.settings.client.gmcp.length > 0,
    changed(_party, isOn, session) {
      session.gmcp = isOn ? { hello: true, supports: new Set() } : undefined
      if (!isOn) return
      const { name, version, gmcp: wanted } = session.settings.client
      write({ package: 'Core.Hello', data: { client: name, version } }, session)
      write({ package: 'Core.Supports.Set', data: wanted }, session)
    },
    received(body, session) {
      const message = read(body)
      if (message && session.gmcp) session.tell('gmcp', message)
    },
  },
}

/** Sends a message. False where the peer does not want it, or it is none. */
export function sendGmcp(message: GmcpMessage, session: Session): boolean {
  const { gmcp: state } = session
  const name = message?.package
  if (!state?.hello || typeof name !== 'string' || name.length > LONGEST_NAME || !NAME.test(name))
    return false
  const isWanted = session.settings.side === 'client' || wants(state, name.toLowerCase())
  return isWanted && write(message, session)
}

function wants({ supports }: GmcpState, name: string): boolean {
  if (name.startsWith('core.')) return true
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    if (supports.has(name.slice(0, end))) return true
  }
  return false
}

function write({ package: name, data }: GmcpMessage, session: Session): boolean {
  const body = data === undefined ? '' : json(data)
  if (body === undefined) return false
  session.subnegotiate(GMCP, encoder.encode(body === '' ? name : `${name} ${body}`))
  return true
}

/** What JSON cannot say is nothing that could be sent. */
function json(data: unknown): string | undefined {
  try {
    return JSON.stringify(data)
  } catch {
    return undefined
  }
}

function read(body: Uint8Array): GmcpMessage | undefined {
  const space = body.indexOf(32)
  const name = plainText(space < 0 ? body : body.subarray(0, space), LONGEST_NAME)
  if (!NAME.test(name)) return undefined
  if (space < 0 || space === body.length - 1) return { package: name }
  const data = readJson(body.subarray(space + 1))
  return data === undefined ? undefined : { package: name, data }
}

/** Deals with what is between the client and us alone. False: it is for the owner. */
function takeCore({ package: name, data }: GmcpMessage, state: GmcpState, session: Session): boolean {
  switch (name.toLowerCase()) {
    case 'core.hello':
      state.hello = true
      learnHello(data, session)
      return true
    case 'core.supports.set':
      state.supports.clear()
      support(data, state, session)
      return true
    case 'core.supports.add':
      support(data, state, session)
      return true
    case 'core.supports.remove':
      for (const wanted of packagesIn(data)) state.supports.delete(wanted)
      session.learned()
      return true
    case 'core.ping':
      if (session.mayAnswer) write({ package: 'Core.Ping' }, session)
      return true
    case 'core.keepalive':
      return true
    default:
      return false
  }
}

/** The keys are spelt in either way. */
function learnHello(data: unknown, session: Session): void {
  const { facts } = session
  if (typeof data !== 'object' || data === null) return
  for (const [key, value] of Object.entries(data)) {
    if (typeof value !== 'string') continue
    if (/^client$/i.test(key)) facts.client = plainText(encoder.encode(value))
    if (/^version$/i.test(key)) facts.version = plainText(encoder.encode(value))
  }
  session.learned()
}

function support(data: unknown, state: GmcpState, session: Session): void {
  const { supports } = state
  // Scripts of players leave the introduction out.
  state.hello = true
  for (const wanted of packagesIn(data)) if (supports.size < MOST_PACKAGES) supports.add(wanted)
  session.learned()
}

/** `Char 1` is the package and its version, which nobody has ever used for anything. */
function packagesIn(data: unknown): readonly string[] {
  if (!Array.isArray(data)) return []
  return data.flatMap((item) => {
    const name = typeof item === 'string' ? (item.split(' ', 1)[0] ?? '') : ''
    return name.length <= LONGEST_NAME && NAME.test(name) ? [name.toLowerCase()] : []
  })
}
