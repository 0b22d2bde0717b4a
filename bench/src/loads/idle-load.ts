import type { Load } from '../row.ts'
import { RequestLoad } from './request-load.ts'

/** Connections that have said something once, and are silent now. */
export async function idleLoad(
  port: number,
  connections: number,
  request: Buffer,
  greeting?: string,
): Promise<Load> {
  const load = await RequestLoad.open(port, {
    connections,
    request,
    unitsPerRequest: 1,
    ...(greeting !== undefined && { greeting }),
  })
  // A connection that never had anything to do would be cheaper than one of a player who is silent.
  await load.run(connections)
  return load
}
