import type { TelnetOption } from '../option.ts'

const MODE = 1
/** Lines are edited at the client, and interrupts sent as commands. */
const EDIT_AND_TRAPSIG = 3

export const LINEMODE = 34

/**
 * LINEMODE, RFC 1184, as far as it keeps a client (GNU telnet) sending lines. Its special characters (SLC) are the client's
 * own affair.
 */
export const linemode: TelnetOption = {
  code: LINEMODE,
  server: {
    allows: (party) => party === 'him',
    changed(_party, isOn, session) {
      if (!isOn) return
      session.subnegotiate(LINEMODE, [MODE, EDIT_AND_TRAPSIG])
      session.setCharacterMode(false)
    },
  },
  client: {},
}
