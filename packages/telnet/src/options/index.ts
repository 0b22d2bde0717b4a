import type { TelnetOption } from '../option.ts'
import { charset } from './charset.ts'
import { mccp2, mccp3 } from './compression.ts'
import { echo } from './echo.ts'
import { endOfRecord } from './end-of-record.ts'
import { gmcp } from './gmcp.ts'
import { linemode } from './linemode.ts'
import { mssp } from './mssp.ts'
import { newEnviron } from './new-environ.ts'
import { suppressGoAhead } from './suppress-go-ahead.ts'
import { terminalType } from './terminal-type.ts'
import { windowSize } from './window-size.ts'

/**
 * Every option that is spoken; others are refused. A server opens them in this order, compression last: Mudlet has been
 * seen to lose its terminal type behind it.
 */
export const OPTIONS: readonly TelnetOption[] = [
  terminalType,
  windowSize,
  newEnviron,
  charset,
  endOfRecord,
  gmcp,
  mssp,
  echo,
  suppressGoAhead,
  linemode,
  mccp3,
  mccp2,
]

const SLOTS: ReadonlyMap<number, number> = new Map(OPTIONS.map(({ code }, slot) => [code, slot]))

/** Where an option stands in the table. Undefined for one that is not spoken. */
export function slotOf(code: number): number | undefined {
  return SLOTS.get(code)
}
