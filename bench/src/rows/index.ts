import type { Row } from '../row.ts'
import { acceptClose } from './accept-close.ts'
import { handOvers } from './hand-over.ts'
import { idle } from './idle.ts'
import { memoryText } from './memory-text.ts'
import { tcpEcho } from './tcp-echo.ts'
import { tcpLines } from './tcp-lines.ts'
import { telnetIacIn, telnetIacOut } from './telnet-iac.ts'
import { telnetLines } from './telnet-lines.ts'
import { telnetMccpIn, telnetMccpOut } from './telnet-mccp.ts'
import { webSocketBurst } from './web-socket-burst.ts'
import { webSocketEcho } from './web-socket-echo.ts'

/** Everything that is measured, in the order of the report. */
export const rows: readonly Row[] = [
  tcpEcho,
  tcpLines,
  telnetLines,
  telnetIacIn,
  telnetIacOut,
  telnetMccpIn,
  telnetMccpOut,
  webSocketEcho,
  webSocketBurst,
  acceptClose,
  memoryText,
  ...handOvers,
  ...idle,
]
