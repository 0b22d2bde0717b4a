import type { Load } from '../row.ts'
import { RequestLoad } from './request-load.ts'

/** So many lines are under way on a connection. */
export const IN_FLIGHT = 16
const LINE = `${'x'.repeat(62)}\r\n`

/** Eight connections that send 16 lines at a time, as soon as the last 16 have come back. */
export function lineLoad(port: number): Promise<Load> {
  return RequestLoad.open(port, {
    connections: 8,
    request: Buffer.from(LINE.repeat(IN_FLIGHT)),
    unitsPerRequest: IN_FLIGHT,
    isEcho: true,
  })
}
