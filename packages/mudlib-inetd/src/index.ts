/**
 * The sample mudlib: inetd hands each connection to its service, the login hands it to the player's own object. It is
 * given its transports and knows none by name.
 *
 * @packageDocumentation
 */
export { createInetd, type Inetd, type ServiceStatus } from './inetd.ts'
export type { Arrival, Service } from './service.ts'
export { daytime } from './services/daytime.ts'
export { echo } from './services/echo.ts'
export type { Accounts, Created, Verified } from './world/accounts.ts'
export { createWorld, type World, type WorldOptions, type WorldSize } from './world/world.ts'
