import { createDriver, type Driver, type Transport } from '@mudwire/core'
import { createInetd, createWorld } from '@mudwire/mudlib-inetd'

/** Hosts the world over every transport that is given. What plays where is decided by who calls this. */
export async function host(transports: readonly Transport[]): Promise<Driver> {
  const driver = createDriver()
  const inetd = createInetd(driver)
  const world = createWorld(driver)
  for (const transport of transports) await inetd.serve(world.login, transport)
  return driver
}
