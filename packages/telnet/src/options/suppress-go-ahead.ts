import type { TelnetOption } from '../option.ts'

export const SGA = 3

/**
 * SUPPRESS-GO-AHEAD, RFC 858. Said by a server it turns telnet programs into sending every key as it is typed, so it is
 * never offered but to a client that wants it so, and is given editing and echo then.
 */
export const suppressGoAhead: TelnetOption = {
  code: SGA,
  server: {
    allows: (party) => party === 'us',
    changed: (_party, isOn, session) => session.setCharacterMode(isOn),
  },
  client: { allows: (party) => party === 'him' },
}
