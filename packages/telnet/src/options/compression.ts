import type { Party } from '../negotiator.ts'
import type { Role, TelnetOption } from '../option.ts'
import type { Session } from '../session.ts'

const MCCP2 = 86
const MCCP3 = 87

/** MCCP2, https://tintin.mudhalla.net/protocols/mccp: what the server sends is compressed behind `IAC SB 86 IAC SE`. */
export const mccp2: TelnetOption = {
  code: MCCP2,
  server: { ...offered('us'), changed: compressing(MCCP2) },
  client: { ...accepted('him'), received: decompressing(MCCP2, 'him') },
}

/** MCCP3: what the client sends is compressed behind its own `IAC SB 87 IAC SE`. */
export const mccp3: TelnetOption = {
  code: MCCP3,
  server: { ...offered('us'), received: decompressing(MCCP3, 'us') },
  client: { ...accepted('him'), changed: compressing(MCCP3) },
}

function accepted(party: Party): Role {
  return { allows: (asked, session) => asked === party && session.mayCompress }
}

function offered(party: Party): Role {
  return { ...accepted(party), opens: party, offered: (session) => session.mayCompress }
}

/** Whoever says that it compresses begins at once. */
function compressing(option: number) {
  return (_party: Party, isOn: boolean, session: Session): void => {
    if (!isOn) session.stopDeflating()
    else {
      session.subnegotiate(option, [])
      session.startDeflating()
    }
  }
}

function decompressing(option: number, party: Party) {
  return (_body: Uint8Array, session: Session): void => {
    if (session.negotiator.has(option, party)) session.startInflating()
  }
}
