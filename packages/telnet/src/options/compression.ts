import type { TelnetOption } from '../option.ts'
import type { Session } from '../session.ts'

const MCCP2 = 86
const MCCP3 = 87

/** MCCP2, https://tintin.mudhalla.net/protocols/mccp: what the server sends is compressed behind `IAC SB 86 IAC SE`. */
export const mccp2: TelnetOption = {
  code: MCCP2,
  server: {
    opens: 'us',
    offered: (session) => session.mayCompress,
    allows: (party, session) => party === 'us' && session.mayCompress,
    changed(_party, isOn, session) {
      if (!isOn) session.stopDeflating()
      else {
        session.subnegotiate(MCCP2, [])
        session.startDeflating()
      }
    },
  },
  client: {
    allows: (party, session) => party === 'him' && session.mayCompress,
    received: (_body, session) => begin(MCCP2, session),
  },
}

/** MCCP3: what the client sends is compressed behind its own `IAC SB 87 IAC SE`. */
export const mccp3: TelnetOption = {
  code: MCCP3,
  server: {
    opens: 'us',
    offered: (session) => session.mayCompress,
    allows: (party, session) => party === 'us' && session.mayCompress,
    received: (_body, session) => {
      if (session.negotiator.has(MCCP3, 'us')) session.startInflating()
    },
  },
  client: {
    allows: (party, session) => party === 'him' && session.mayCompress,
    changed(_party, isOn, session) {
      if (!isOn) session.stopDeflating()
      else {
        session.subnegotiate(MCCP3, [])
        session.startDeflating()
      }
    },
  },
}

function begin(option: number, session: Session): void {
  if (session.negotiator.has(option, 'him')) session.startInflating()
}
