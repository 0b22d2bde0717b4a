import type { TelnetOption } from '../option.ts'
import { plainText } from '../plain-text.ts'
import type { Session } from '../session.ts'
import type { MsspFacts } from '../signals.ts'

const VAR = 1
const VAL = 2

const MSSP = 70
const encoder = new TextEncoder()
const MOST_VARIABLES = 256

/** MSSP, https://tintin.mudhalla.net/protocols/mssp: what lists of games want to know. */
export const mssp: TelnetOption = {
  code: MSSP,
  server: {
    opens: 'us',
    offered: (session) => session.settings.mssp !== undefined,
    allows: (party, session) => party === 'us' && session.settings.mssp !== undefined,
    changed(_party, isOn, session) {
      const body = isOn ? factsOf(session) : undefined
      if (body) session.subnegotiate(MSSP, body)
    },
  },
  client: {
    allows: (party) => party === 'him',
    received: (body, session) => session.tell('mssp', decodeFacts(body)),
  },
}

/** What the server gives is its own code: an error there must not reach the network's. */
function factsOf({ settings }: Session): readonly number[] | undefined {
  try {
    return encodeFacts(settings.mssp?.() ?? {})
  } catch (error) {
    settings.clock.defer(() => settings.onError(error))
    return undefined
  }
}

/** A list is its name once, and a value for each; the last one counts for who reads only one. */
function encodeFacts(facts: MsspFacts): readonly number[] {
  return Object.entries(facts).flatMap(([name, value]) => [
    VAR,
    ...clean(name),
    ...[value].flat().flatMap((one) => [VAL, ...clean(String(one))]),
  ])
}

/** What would end a name or a value has no place in one. */
function clean(text: string): readonly number[] {
  return [...encoder.encode(text)].filter((byte) => byte > VAL && byte < 255)
}

function decodeFacts(body: Uint8Array): MsspFacts {
  const facts: Record<string, string | string[]> = Object.create(null)
  let name: string | undefined
  let start = 0
  for (let at = 0; at < body.length; at = start) {
    const kind = body[at]
    start = at + 1
    while (start < body.length && body[start] !== VAR && body[start] !== VAL) start += 1
    const text = plainText(body.subarray(at + 1, start), 1_024)
    if (kind === VAR) name = text
    else if (kind === VAL && name !== undefined) {
      const before = facts[name]
      if (before === undefined && Object.keys(facts).length >= MOST_VARIABLES) break
      facts[name] = before === undefined ? text : [before, text].flat()
    }
  }
  return Object.freeze(facts)
}
