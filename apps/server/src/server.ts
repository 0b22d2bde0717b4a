import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type Address,
  createDriver,
  type Driver,
  SocketError,
  systemClock,
  type Transport,
} from '@mudwire/core'
import {
  createInetd,
  createWorld,
  daytime,
  echo,
  type Inetd,
  type Service,
  type World,
} from '@mudwire/mudlib-inetd'
import { answerStrangers, telnet as overTelnet } from '@mudwire/telnet'
import { tcp } from '@mudwire/transport-tcp'
import { webSocket } from '@mudwire/transport-websocket'
import type { Logger } from 'pino'
import { openAccountFile } from './account-file.ts'
import { logObserver } from './log.ts'
import { msspFacts } from './mssp.ts'
import type { ServerOptions } from './options.ts'
import { createPageServer, readPages } from './pages.ts'
import { StartError } from './start-error.ts'

/** A running server. */
export interface RunningServer {
  readonly http: Address
  readonly telnet: Address
  readonly services: readonly { readonly name: string; readonly address: Address }[]
  /** Stops accepting, tells everybody, lets what was said arrive, and closes. */
  drain(): Promise<void>
}

/** The well-known ports of the small services, added to the base. */
const SMALL_SERVICES: readonly { readonly service: Service; readonly port: number }[] = [
  { service: echo, port: 7 },
  { service: daytime, port: 13 },
]

/** So long may a slow client take to hear that the server stops. */
const DRAIN_MS = 5_000
const FAREWELL = 'The server is stopping. Please come back in a while.'

/**
 * Starts everything: the driver, the world behind inetd, and the listeners.
 *
 * @throws StartError where a port cannot be had, or the accounts cannot be read; nothing is left open then.
 */
export async function startServer(options: ServerOptions, logger: Logger): Promise<RunningServer> {
  const { host, telnetPort, httpPort, servicesPortBase } = options
  const accounts = await openAccountFile(options.accounts, logger)
  const driver = createDriver({
    observer: logObserver(logger, systemClock.now),
    // The observer logs it, with everything else.
    onError: () => {},
  })
  const world = createWorld(driver, { accounts })
  const inetd = createInetd(driver)
  const pages = createPageServer(
    await readPages(new URL('dist/', import.meta.resolve('@mudwire/web-client/package.json'))),
  )
  const stop = (): Promise<void> => drain(driver, inetd, world, pages)
  try {
    const http = await listenHttp(pages, host, httpPort)
    // An accept that fails, for want of descriptors say, must not end the process.
    pages.on('error', (error) => logger.error({ err: error }, 'the HTTP server had an error'))
    const elsewhere = `This port speaks telnet. To play in a browser, go to port ${http.port} of this host.`
    const telnet = await serve(inetd, world.login, host, telnetPort, '--telnet-port', (below) =>
      overTelnet(answerStrangers(below, { http: elsewhere }), {
        mssp: () => msspFacts(world, telnetPort),
        onError: (error) => logger.error({ err: error }, 'the facts for MSSP could not be had'),
      }),
    )
    await inetd.serve(world.login, webSocket({ server: pages, text: 'stream' }))
    const services = []
    for (const { service, port } of SMALL_SERVICES) {
      const wanted = servicesPortBase === 0 ? 0 : servicesPortBase + port
      services.push({
        name: service.name,
        address: await serve(inetd, service, host, wanted, '--services-port-base'),
      })
    }
    return { http, telnet, services, drain: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function serve(
  inetd: Inetd,
  service: Service,
  host: string,
  port: number,
  flag: string,
  wrap: (transport: Transport) => Transport = (transport) => transport,
): Promise<Address> {
  try {
    const [address] = await inetd.serve(service, wrap(tcp({ host, port })))
    if (!address) throw new Error('A TCP listener has an address.')
    return address
  } catch (error) {
    throw startError(error, host, port, flag)
  }
}

async function listenHttp(server: HttpServer, host: string, port: number): Promise<Address> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => {
        server.off('error', reject)
        resolve()
      })
    })
  } catch (error) {
    throw startError(error, host, port, '--http-port')
  }
  const { address, family, port: bound } = server.address() as AddressInfo
  return { address, family, port: bound }
}

function startError(error: unknown, host: string, port: number, flag: string): StartError {
  const { code } = SocketError.from(error, 'EEBIND', 'Listening')
  const cause = { cause: error }
  if (code === 'EEADDRINUSE') {
    return new StartError(
      `Port ${port} on ${host} is in use. Stop what listens there, or choose another port with ${flag}.`,
      cause,
    )
  }
  if (code === 'EEBADADDR') {
    return new StartError(`${host} is no address of this machine. Choose another with --host.`, cause)
  }
  return new StartError(`Cannot listen on port ${port} of ${host}: ${(error as Error).message}`, cause)
}

async function drain(driver: Driver, inetd: Inetd, world: World, pages: HttpServer): Promise<void> {
  inetd.close()
  const pagesClosed = new Promise<void>((resolve) => pages.close(() => resolve()))
  world.close(FAREWELL)
  await driver.close({ text: FAREWELL, deadlineMs: DRAIN_MS })
  // Browsers keep connections open for the next page; there is none.
  pages.closeAllConnections()
  await pagesClosed
}
